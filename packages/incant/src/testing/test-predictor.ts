import type { AppOptions } from '../app/app-options.ts'
import { createApp } from '../app/create-app.ts'
import type { PredictorApp } from '../app/predictor-app.ts'
import { type Logger, silentLogger } from '../log/logger.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'

/** What {@link testPredictor} may be told: all that `createApp` may, and less log. */
export interface TestOptions extends AppOptions {
  /** Default: nothing is written. */
  readonly logger?: Logger
}

/** A predictor that is set up, with no port under it. */
export interface PredictorUnderTest extends AsyncDisposable {
  /** The application, for `app.request(…)`. */
  readonly app: PredictorApp
  /**
   * Posts to `/predict`: a string, bytes, a form or a stream as they are, anything else as JSON.
   *
   * @returns The response as a caller gets it.
   */
  predict(body?: unknown, init?: RequestInit): Promise<Response>
  /** Asks `GET /health`. */
  health(): Promise<Response>
  /** Runs the predictor's `close()`. `await using` does it by itself. */
  close(): Promise<void>
}

/**
 * Sets a predictor up in memory, through the same application that serves it: validation, errors and streams are those
 * of the server.
 *
 * @example
 * ```ts
 * await using predictor = await testPredictor(Predictor)
 * const response = await predictor.predict({ text: 'Guten Tag' })
 * expect(await response.json()).toEqual({ language: 'de' })
 * ```
 * @throws {StartupError} As `createApp`, and when setup fails.
 */
export async function testPredictor(predictor: PredictorClass, options: TestOptions = {}): Promise<PredictorUnderTest> {
  const app = createApp(predictor, { logger: silentLogger, ...options })
  await app.ready
  const close = (): Promise<void> => app.close()
  return {
    app,
    predict: async (body, init) => app.request('/predict', { ...mergeInit(writeBody(body), init), method: 'POST' }),
    health: async () => app.request('/health'),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The person's own headers are added to ours, or take their place. */
function mergeInit(ours: RequestInit, given: RequestInit = {}): RequestInit {
  const headers = new Headers(ours.headers)
  for (const [name, value] of new Headers(given.headers)) headers.set(name, value)
  return { ...ours, ...given, headers }
}

function writeBody(body: unknown): RequestInit {
  if (body === undefined) return {}
  if (body instanceof ReadableStream) {
    const init: RequestInit & { duplex: 'half' } = { body, duplex: 'half' }
    return init
  }
  if (isBodyAsIs(body)) return { body }
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}

function isBodyAsIs(
  body: unknown,
): body is string | Uint8Array<ArrayBuffer> | ArrayBuffer | Blob | FormData | URLSearchParams {
  if (typeof body === 'string') return true
  return [Uint8Array, ArrayBuffer, Blob, FormData, URLSearchParams].some(form => body instanceof form)
}
