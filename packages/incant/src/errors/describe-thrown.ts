import { inspectValue } from './inspect-value.ts'
import { withoutOwnFrames } from './own-frames.ts'

/** Something thrown, as a log may show it. */
export interface ThrownDescription {
  /** The name of the error; of what is no error, its type: `object`, `string`. */
  readonly name: string
  /** The message of the error; of what is no error, the value as `util.inspect` shows it. */
  readonly message: string
  /** Where it was thrown, in code that is not ours. Absent where nothing is known of it. */
  readonly stack?: string
  /** The error's other properties, as `util.inspect` shows them: `{ code: 'ENOENT', path: '/model.onnx' }`. */
  readonly properties?: string
  /** The cause. */
  readonly cause?: ThrownDescription
}

/** A chain of causes may be a circle. */
const MAX_CAUSES = 5

/** Errors that represent something thrown in another process. */
const DESCRIPTIONS = new WeakMap<object, ThrownDescription>()

/** Describes anything thrown: an Error, a string, `undefined`, an object whose getters throw. It never throws itself. */
export function describeThrown(thrown: unknown, maxCauses: number = MAX_CAUSES): ThrownDescription {
  try {
    if (!isError(thrown)) return { name: thrown === null ? 'null' : typeof thrown, message: inspectValue(thrown) }
    return DESCRIPTIONS.get(thrown) ?? describeError(thrown, maxCauses)
  } catch {
    return { name: 'unknown', message: 'something was thrown that cannot be described' }
  }
}

/** An error that represents something thrown in another process, with the description from there. */
export function toError(description: ThrownDescription): Error {
  const { name, message, stack, cause } = description
  const error = new Error(message, cause === undefined ? undefined : { cause: toError(cause) })
  error.name = name
  // Its own would be the place where it arrived.
  error.stack = stack ?? `${name}: ${message}`
  DESCRIPTIONS.set(error, description)
  return error
}

/** Also one of another realm. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]'
}

function describeError(error: Error, maxCauses: number): ThrownDescription {
  const { name, message, cause } = error
  const stack = withoutOwnFrames(error.stack)
  const properties = describeProperties(error)
  return {
    name: String(name),
    message: String(message),
    ...(stack === undefined ? {} : { stack }),
    ...(properties === undefined ? {} : { properties }),
    ...(cause === undefined || maxCauses === 0 ? {} : { cause: describeThrown(cause, maxCauses - 1) }),
  }
}

/** Members that are shown apart. */
const SHOWN = ['name', 'message', 'stack', 'cause']

/** An error's other properties, also the errors that an AggregateError does not enumerate. */
function describeProperties(error: Error): string | undefined {
  const names = [...Object.keys(error), ...(Object.hasOwn(error, 'errors') ? ['errors'] : [])]
  const others = [...new Set(names)].filter(name => !SHOWN.includes(name))
  if (others.length === 0) return undefined
  return inspectValue(Object.fromEntries(others.map(name => [name, Reflect.get(error, name)])))
}
