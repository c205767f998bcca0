/** A value, or a promise of it if the work is asynchronous. */
export type MaybePromise<Value> = Value | Promise<Value>

/** Goes on with a value: at once where it is there. Most requests are answered without a single promise. */
export function chain<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** As {@link chain}, with a handler for errors that `work` throws or its promise rejects with. */
export function attempt<Value, Next>(
  work: () => MaybePromise<Value>,
  succeed: (value: Value) => Next,
  fail: (thrown: unknown) => Next,
): MaybePromise<Next> {
  let value: MaybePromise<Value>
  try {
    value = work()
  } catch (thrown) {
    return fail(thrown)
  }
  return value instanceof Promise ? value.then(succeed, fail) : succeed(value)
}
