import type { StandardSchemaV1 } from '@standard-schema/spec'
import { StartupError } from '../errors/startup-error.ts'
import type { Role } from './signature.ts'

/** A decorator for `predict`, with TC39 decorators as with `experimentalDecorators`. */
export interface PredictDecorator {
  (method: Method, context: ClassMethodDecoratorContext): void
  (target: object, name: string | symbol, descriptor: PropertyDescriptor): void
}

type Method = (...parameters: never[]) => unknown

/** The marks that the decorators of this module leave on a `predict` function. */
export interface PredictMarks {
  readonly roles?: readonly Role[]
  readonly schema?: StandardSchemaV1
}

const MARKS: unique symbol = Symbol.for('incant.signature')

/**
 * Says what predict's parameters are, in their order, where no source can be read: bundled code, plain embedding.
 * It wins over the types.
 *
 * @example
 * ```ts
 * @takes('payload', 'request')
 * predict(payload: Passage, request: Request) {}
 * ```
 */
export function takes(...roles: readonly Role[]): PredictDecorator {
  return mark({ roles })
}

/**
 * Says that predict takes the raw `Request` and nothing else. It wins over the types.
 *
 * @example
 * ```ts
 * @withFullRequest
 * predict(request: Request) {
 *   return request.text()
 * }
 * ```
 */
export const withFullRequest: PredictDecorator = mark({ roles: ['request'] })

/**
 * Checks the payload with a schema of your own in place of the type: any Standard Schema, such as one of valibot. Predict
 * gets the schema's output.
 *
 * @example
 * ```ts
 * const Passage = v.object({ text: v.pipe(v.string(), v.trim(), v.nonEmpty()) })
 *
 * @input(Passage)
 * predict({ text }: v.InferOutput<typeof Passage>) {}
 * ```
 * @see https://standardschema.dev
 */
export function input(schema: StandardSchemaV1): PredictDecorator {
  return mark({ schema })
}

function mark(marks: PredictMarks): PredictDecorator {
  return (target: object, _context: unknown, descriptor?: PropertyDescriptor) => {
    // TC39 hands over the method itself; experimentalDecorators its holder, and the method in the descriptor.
    const method: unknown = descriptor === undefined ? target : descriptor.value
    if (typeof method !== 'function') throw notAMethod()
    const marked = method as { [MARKS]?: PredictMarks }
    marked[MARKS] = { ...marked[MARKS], ...marks }
  }
}

function notAMethod(): StartupError {
  return new StartupError({
    code: 'no_predict',
    found: '@takes, @withFullRequest or @input is used on something that is not a method',
    instead: 'Write predict as a method, predict(payload) { … }, with the decorator above it.',
  })
}

/** What decorators say of a predictor's `predict`: an instance method's first, else a static one's. */
export function readMarks(method: unknown): PredictMarks {
  return typeof method === 'function' ? ((method as { [MARKS]?: PredictMarks })[MARKS] ?? {}) : {}
}
