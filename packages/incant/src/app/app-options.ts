import type { SecretReader } from '../auth/secret-reader.ts'
import type { CallScope } from '../engine/call-scope.ts'
import type { Engine } from '../engine/engine.ts'
import type { InlineEngineOptions } from '../engine/inline-engine.ts'
import type { Face } from '../faces/face.ts'
import type { DocumentReaderFactory, ReadingPlan } from '../http/document-reader.ts'
import type { Logger } from '../log/logger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { AppSettings } from '../options/app-options.ts'
import type { ModelInfo } from '../predictor/model-info.ts'
import type { SignatureData } from '../signature/signature.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { JobsPlatform } from './jobs/jobs-platform.ts'
import type { MetricsPage } from './metrics-route.ts'
import type { Playground } from './playground-route.ts'

/** Options of {@link createApp}. */
export interface AppOptions extends AppSettings {
  /**
   * The types of predict, as `incant inspect --json` prints them; a JSON file of them can be imported and passed.
   * Default: what was read when the class was loaded with `incant serve` or `loadPredictor` of `@incant/cli`; else what the
   * decorators say; else one unchecked payload, with a warning.
   */
  readonly signature?: SignatureData | undefined
  /**
   * Accepts a payload of unknown type as it comes, without a warning.
   * @default false
   */
  readonly unchecked?: boolean | undefined
  /** The configuration for the constructor, checked against its type. */
  readonly config?: unknown
  /** The model's name, version and path, for predict, metrics and documents. Default: the path is the working folder. */
  readonly modelInfo?: Partial<ModelInfo> | undefined
  /** Where the application writes its log. Default: JSON lines through `console`. */
  readonly logger?: Logger | undefined
  /**
   * Reads the secrets that decorators name as `{ env }` and `{ file }`. Default: the environment and the files of the
   * process, where available.
   */
  readonly secrets?: SecretReader | undefined
  /**
   * Creates spans of requests: `openTelemetry()` of `incant/tracing`. `serve` finds an SDK by itself.
   * Default: nothing is traced.
   */
  readonly tracing?: Tracing | undefined
}

/** The options that the runtime under an application adds. Not for programs: no entry exports it. */
export interface AppInternals {
  /**
   * Runs a call with its request id, or a batch with those of its calls, so that a runtime can attribute a
   * `console.log` to its call. `serve` provides one with `AsyncLocalStorage`.
   */
  readonly callScope?: CallScope | undefined
  /** Where requests and calls are counted. `serve` of `incant/node` makes one, and shows it at `/metrics`. */
  readonly recorder?: Recorder | undefined
  /** The page at `/metrics`. `serve` of `incant/node` makes it. Default: there is no such path. */
  readonly metricsPage?: MetricsPage | undefined
  /** Whether the server has other models, too: a protocol that is asked for need not fit each of them. */
  readonly isOneOfSeveral?: boolean | undefined
  /** The protocols beside `/predict` that there are. Default: all that this package has. */
  readonly faces?: readonly Face[] | undefined
  /** Opens stores of jobs, and sends webhooks. `serve` of `incant/node` brings it. Default: jobs are in memory, without webhooks. */
  readonly jobs?: JobsPlatform | undefined
  /** The page to try the predictor, at `/`. `serve` of `incant/node` brings it. Default: there is no such path. */
  readonly playground?: Playground | undefined
  /** Makes what runs the predictor. Default: an {@link InlineEngine}, in this process. */
  readonly engine?: EngineFactory | undefined
  /**
   * Makes what reads large payloads beside the event loop. `serve` of `incant/node` has a thread for it, where processes run
   * the predictor. Default: they are read as all others.
   */
  readonly documentReader?: DocumentReaderFactory | undefined
  /**
   * Whether the only caller is the person who started the program, as over standard input: nobody authenticates, and no
   * network is private.
   */
  readonly isOwn?: boolean | undefined
}

/** The options of an engine. */
export interface EngineOptions extends InlineEngineOptions {
  /** How bodies are read, for an engine in another process, where some are left unread. */
  readonly reading?: ReadingPlan | undefined
}

/** Creates an engine from the application's options. */
export type EngineFactory = (options: EngineOptions) => Engine
