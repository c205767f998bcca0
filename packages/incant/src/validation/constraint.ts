/** One condition on a value of the right type. */
export interface Constraint<Value> {
  readonly accepts: (value: Value) => boolean
  readonly message: string
}

/** One test for all constraints, without messages. */
export function acceptsAll<Value>(constraints: readonly Constraint<Value>[]): (value: Value) => boolean {
  const [first, ...rest] = constraints
  if (first === undefined) return () => true
  if (rest.length === 0) return first.accepts
  return value => constraints.every(constraint => constraint.accepts(value))
}
