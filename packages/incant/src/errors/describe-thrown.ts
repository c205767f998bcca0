/** Something thrown, as a log may show it. */
export interface ThrownDescription {
  readonly name: string
  readonly message: string
  readonly stack?: string
}

/** Describes anything thrown: an Error, a string, `undefined`, an object whose getters throw. It never throws itself. */
export function describeThrown(thrown: unknown): ThrownDescription {
  try {
    if (!(thrown instanceof Error)) return { name: typeof thrown, message: describeValue(thrown) }
    const { name, message, stack } = thrown
    return { name: String(name), message: String(message), ...(stack === undefined ? {} : { stack: String(stack) }) }
  } catch {
    return { name: 'unknown', message: 'something was thrown that cannot be described' }
  }
}

function describeValue(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value)
}
