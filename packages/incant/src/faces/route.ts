import type { MaybePromise } from '../async/maybe-promise.ts'
import type { Answer } from '../http/answer.ts'
import type { FaceExchange } from './exchange.ts'
import type { FaceMethod } from './fit.ts'
import type { FaceModels } from './model.ts'

/** One route of a face. */
export interface FaceRoute {
  readonly method: FaceMethod
  /**
   * The path, with `:name` for a segment, and `/*` at its end for the rest of the path, which may have slashes: the
   * parameter `*`. A path without parameters goes before one that has some.
   */
  readonly path: string
  /**
   * How the body is read, within the limits of the server: `json` is parsed (the type must be JSON, or absent), `form` is a
   * `ReceivedForm`, `bytes` a `Uint8Array`. `none`: it is not.
   */
  readonly body: 'json' | 'form' | 'bytes' | 'none'
  /** `public`: the route asks for no credentials, as one that tells where to get some. @default those of the models */
  readonly access?: 'public'
  /**
   * `false`: a request with a body calls no model, so that it needs no place in the queue.
   *
   * @default whether it has a body
   */
  readonly calls?: false
  /** Answers an exchange. What it throws becomes the refusal of its face. */
  handle(exchange: FaceExchange, models: FaceModels): MaybePromise<Answer | Response>
}
