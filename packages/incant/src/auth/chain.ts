/** A value, or a promise of it where somebody has to be waited for. */
export type MaybePromise<Value> = Value | Promise<Value>

/** Goes on with a value: at once where it is there. Most requests are authenticated without a single promise. */
export function chain<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return value instanceof Promise ? value.then(next) : next(value)
}
