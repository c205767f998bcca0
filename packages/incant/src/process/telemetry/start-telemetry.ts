import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { StartupError } from '../../errors/startup-error.ts'
import type { Logger } from '../../log/logger.ts'
import { hasTelemetry } from './find-tracing.ts'

/** An SDK that runs. */
export interface Telemetry {
  /** Sends what it has, and ends. It never fails, and takes no longer than {@link PATIENCE}. */
  close(): Promise<void>
}

/** How to start it. */
export interface TelemetryOptions {
  /** The module next to which its packages are installed. Default: the current folder. */
  readonly module: string | URL | undefined
  /** The name of the service if no variable sets it. */
  readonly serviceName: string
  readonly logger: Logger
}

/** Time its last spans may take to be sent, in milliseconds. */
const PATIENCE = 3000

const SDK = '@opentelemetry/sdk-node'
const FETCH = '@opentelemetry/instrumentation-undici'

/** The part of the SDK that is used. It is an optional peer, so its types cannot be imported. */
interface SDKModule {
  readonly NodeSDK: new (options: object) => { start(): void; shutdown(): Promise<void> }
}

interface FetchModule {
  readonly UndiciInstrumentation: new () => object
}

/**
 * Starts the OpenTelemetry SDK that is installed where the predictor is, with traces alone: `OTEL_…` variables say where
 * they go. Where the program has registered one already, that one is used and nothing is started.
 *
 * @throws {StartupError} `otel_missing`
 */
export function startTelemetry({ module, serviceName, logger }: TelemetryOptions): Telemetry | undefined {
  if (hasTelemetry()) return undefined
  const require = createRequire(module ?? join(process.cwd(), 'index.js'))
  const { NodeSDK } = requireSDK(require)
  const sdk = new NodeSDK({
    ...(isNamed(process.env) ? {} : { serviceName }),
    instrumentations: instrumentFetch(require),
    metricReaders: [],
    logRecordProcessors: [],
  })
  sdk.start()
  return { close: () => close(sdk, logger) }
}

/** Variables win over us; what is passed to the SDK would win over them. */
function isNamed({ OTEL_SERVICE_NAME: name, OTEL_RESOURCE_ATTRIBUTES: attributes = '' }: NodeJS.ProcessEnv): boolean {
  return (name !== undefined && name !== '') || /\bservice\.name=/.test(attributes)
}

function requireSDK(require: NodeJS.Require): SDKModule {
  try {
    // What it exports is its documented interface.
    return require(SDK) as SDKModule
  } catch (cause) {
    throw new StartupError({
      code: 'otel_missing',
      found: `--otel (the option "otel") needs ${SDK}, which cannot be loaded from where the predictor is`,
      instead: `Install it there: npm install ${SDK} @opentelemetry/api`,
      cause,
    })
  }
}

/** With it a fetch of predict goes on with the trace. Where it is not installed, one does not. */
function instrumentFetch(require: NodeJS.Require): readonly object[] {
  if (!isInstalled(require, FETCH)) return []
  // What it exports is its documented interface.
  const { UndiciInstrumentation } = require(FETCH) as FetchModule
  return [new UndiciInstrumentation()]
}

function isInstalled(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}

async function close(sdk: { shutdown(): Promise<void> }, logger: Logger): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it took too long')), PATIENCE)
  })
  try {
    await Promise.race([sdk.shutdown(), late])
  } catch (thrown) {
    logger.log('warn', 'the last spans could not be sent', { error: describeThrown(thrown) })
  } finally {
    clearTimeout(timer)
  }
}
