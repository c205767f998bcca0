/** Something thrown, as a log may show it. */
export interface ThrownDescription {
  readonly name: string
  readonly message: string
  readonly stack?: string
  /** What it was caused by. */
  readonly cause?: ThrownDescription
}

/** A chain of causes may be a circle. */
const MAX_CAUSES = 5

/** Describes anything thrown: an Error, a string, `undefined`, an object whose getters throw. It never throws itself. */
export function describeThrown(thrown: unknown, maxCauses: number = MAX_CAUSES): ThrownDescription {
  try {
    return isError(thrown) ? describeError(thrown, maxCauses) : { name: typeof thrown, message: describeValue(thrown) }
  } catch {
    return { name: 'unknown', message: 'something was thrown that cannot be described' }
  }
}

/** Also one of another realm. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]'
}

function describeError(error: Error, maxCauses: number): ThrownDescription {
  const { name, message, stack, cause } = error
  return {
    name: String(name),
    message: String(message),
    ...(stack === undefined ? {} : { stack: String(stack) }),
    ...(cause === undefined || maxCauses === 0 ? {} : { cause: describeThrown(cause, maxCauses - 1) }),
  }
}

function describeValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  // Some libraries throw plain objects that look like errors.
  const { message }: { message?: unknown } = value
  return typeof message === 'string' ? message : Object.prototype.toString.call(value)
}
