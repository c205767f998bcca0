import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import type { EngineFactory } from '../app/app-options.ts'
import type { ResolvedServerSettings } from '../options/server-options.ts'
import { nameService } from '../process/telemetry/name-service.ts'
import { describeProcesses } from '../replica/describe-processes.ts'
import type { EarlyReplica } from '../replica/early-replica.ts'
import { ProcessEngine } from '../replica/process-engine.ts'
import { type SpawnOptions, spawnReplica } from '../replica/spawn-replica.ts'

/** The place from which separate processes load a predictor. */
export interface PredictorSource {
  /** The module that exports the class: a URL or a path. `import.meta.url` where it is this one. */
  readonly module: string | URL
  /** The name it is exported under. @defaultValue `default` */
  readonly exportName?: string | undefined
}

/** {@link PredictorSource}, with what the command adds. */
export interface ReplicaSource extends PredictorSource {
  /** The main module of the processes, which calls `runReplica` of `incant/internal/replica`. Default: one that imports JavaScript. */
  readonly main?: URL | undefined
  /** The first of the processes, where `startEarly` of `incant/internal/early` has started it already. */
  readonly early?: EarlyReplica | undefined
  /** Added to the environment of the processes. */
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** An entry of the build, all of which are in one folder. */
const MAIN = new URL('./replica-main.js', import.meta.url)

/**
 * Decides where a predictor runs: in separate processes if they can load it and any are wanted; else in this process,
 * which the application arranges.
 */
export function chooseEngine(
  settings: ResolvedServerSettings,
  source: ReplicaSource | undefined,
): EngineFactory | undefined {
  if (source === undefined || settings.workers === 0) return undefined
  const { module, exportName = 'default', main = MAIN, early, env: added } = source
  const { execArgv, env: ownOf } = describeProcesses(settings)
  const env = (index: number) => ({ ...added, ...ownOf(index) })
  const spawn = (options: SpawnOptions) => (options.index === 0 ? early?.take() : undefined) ?? spawnReplica(options)
  const workers = settings.workers === -1 ? availableParallelism() : settings.workers
  return options => {
    const { roles, reading, config, modelInfo, warmup, setupTimeout, healthTimeout } = options
    const { concurrency, queue, logger, recorder } = options
    const replica = {
      ...{ module: toURL(module), exportName, roles, reading, config, modelInfo, warmup, setupTimeout, healthTimeout },
      counts: recorder !== undefined,
      ...{ logLevel: logger.level, tracedAs: settings.otel ? nameService(options.predictor, modelInfo) : undefined },
    }
    const { maxRequests, maxMemory, hangTimeout } = settings
    return new ProcessEngine({
      ...{ workers, concurrency, queue, maxRequests, maxMemory, hangTimeout },
      ...{ main, execArgv, env, spawn, logger, recorder, settings: replica },
    })
  }
}

function toURL(module: string | URL): string {
  return module instanceof URL || module.startsWith('file:') ? String(module) : pathToFileURL(module).href
}
