import type { AppOptions } from '../app/app-options.ts'
import { createApp } from '../app/create-app.ts'
import type { PredictorApp } from '../app/predictor-app.ts'
import { ModelClient } from '../client/model-client.ts'
import type { Prediction, PredictParameters } from '../client/types/call.ts'
import { type Logger, silentLogger } from '../log/logger.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { chooseTested } from './choose-tested.ts'
import { writeRequest } from './write-request.ts'

/** Options of {@link testPredictor}: those of `createApp`, and less log. */
export interface TestOptions extends AppOptions {
  /** Default: nothing is written. */
  readonly logger?: Logger
  /** The class to test, where a file is given and exports several. */
  readonly className?: string | undefined
}

/** A predictor that is set up, with no port. */
export interface PredictorUnderTest<Predictor = unknown> extends AsyncDisposable {
  /** The application, for `app.request(…)`. */
  readonly app: PredictorApp
  /** A client of it: `predict` takes and gives values, typed by the predictor, and throws what a client throws. */
  readonly client: ModelClient<Predictor>
  /**
   * Posts to `/predict`: a string, bytes, a form or a stream as they are, anything else as JSON.
   *
   * @returns The response as a caller gets it.
   */
  predict(payload: PredictParameters<Predictor>[0], init?: RequestInit): Promise<PredictResponse<Prediction<Predictor>>>
  /** The same for a body that the types refuse, or that is no payload: the answer is then most often a problem document. */
  predict(body?: unknown, init?: RequestInit): Promise<Response>
  /** Asks `GET /health`. */
  health(): Promise<Response>
  /** Runs the predictor's `close()`. `await using` does it by itself. */
  close(): Promise<void>
}

/** A response whose JSON is what predict returned. */
export interface PredictResponse<Result> extends Response {
  json(): Promise<Result>
}

/**
 * Sets a predictor up in memory, through the same application that serves it: types, validation, errors and streams are
 * those of the server. Types are read by `@incant/cli`, from the file that is given or that the class was imported from.
 *
 * @param predictor - A class; or a file: a path from the current folder, or `import.meta.resolve('./predictor.ts')`.
 * @example
 * ```ts
 * await using predictor = await testPredictor(Predictor)
 * const response = await predictor.predict({ text: 'Guten Tag' })
 * expect(await response.json()).toEqual({ language: 'de' })
 * ```
 * @throws {StartupError} `unknown_signature` where the types are unknown; as `createApp`; and when setup fails.
 */
export async function testPredictor<Class extends PredictorClass>(
  predictor: Class,
  options?: TestOptions,
): Promise<PredictorUnderTest<Class>>
export async function testPredictor<Predictor = unknown>(
  file: string | URL,
  options?: TestOptions,
): Promise<PredictorUnderTest<Predictor>>
export async function testPredictor(
  given: PredictorClass | string | URL,
  options: TestOptions = {},
): Promise<PredictorUnderTest> {
  const { className, ...appOptions } = { logger: silentLogger, ...options }
  const app = createApp(await chooseTested(given, { ...appOptions, className }), appOptions)
  await app.ready
  const close = (): Promise<void> => app.close()
  return {
    app,
    client: new ModelClient('http://predictor.test', {
      fetch: async (url, init) => app.request(url, init),
      retry: false,
    }),
    predict: async (body: unknown, init?: RequestInit) => app.request('/predict', writeRequest(body, init)),
    health: async () => app.request('/health'),
    close,
    [Symbol.asyncDispose]: close,
  }
}
