import type { AppInternals, AppOptions } from '../app/app-options.ts'
import { splitOptions } from '../app/split-options.ts'
import { APP_OPTIONS } from '../options/app-options.ts'
import type { OptionTable } from '../options/definition.ts'
import { readOptions } from '../options/read.ts'
import { type ResolvedServerSettings, SERVER_OPTIONS, type ServerSettings } from '../options/server-options.ts'
import type { PredictorSource, ReplicaSource } from './choose-engine.ts'
import type { AuthLimits } from './metrics/server-metrics.ts'

/** Options of {@link serve}: the application's options, and the server's. */
export interface ServeOptions extends AppOptions, ServerSettings {
  /**
   * The place from which separate processes load the predictor. Without it the predictor runs in this process:
   * `workers` then has nothing to start.
   */
  readonly source?: PredictorSource | undefined
}

/** {@link ServeOptions}, with what the command and tests add. Not for programs: no entry exports it. */
export interface ServeInternals extends ServeOptions, AppInternals {
  readonly source?: ReplicaSource | undefined
}

/** {@link ServeOptions}, taken apart. */
export interface ReadServeOptions {
  readonly settings: ResolvedServerSettings
  readonly app: AppOptions & AppInternals
  /** The application's limits on authentication, for credentials that are checked outside of it. */
  readonly authLimits: AuthLimits
  /** As the application has them, for what is answered before it. */
  readonly corsOrigins: readonly string[]
  /** Whether there is a document of several applications together. */
  readonly openapi: boolean
  readonly source: ReplicaSource | undefined
}

/**
 * Reads the server's settings and leaves the rest to the application.
 *
 * @throws {StartupError} `unknown_option`, `invalid_option`.
 */
export function readServeOptions(options: ServeInternals): ReadServeOptions {
  const { values, settings: given } = splitOptions(options)
  const { source, ...named } = given
  // The server has its own.
  const { recorder: _recorder, metricsPage: _page, playground: _playground, ...app } = values
  const all = readOptions(ALL_OPTIONS, named)
  const settings = pick(all, SERVER_OPTIONS)
  const { authTimeout, maxAuthFailures, corsOrigins, openapi } = all
  const onTerminal = named.drainDelay === undefined && process.stdout.isTTY === true
  return {
    settings: onTerminal ? { ...settings, drainDelay: 0 } : settings,
    app: { ...pick(named, APP_OPTIONS), ...app },
    authLimits: { authTimeout, maxAuthFailures },
    corsOrigins,
    openapi,
    source,
  }
}

const ALL_OPTIONS = { ...APP_OPTIONS, ...SERVER_OPTIONS } as const

function pick<Values extends object, Table extends OptionTable>(
  values: Values,
  table: Table,
): Pick<Values, keyof Values & keyof Table> {
  const entries = Object.entries(values).filter(([name]) => Object.hasOwn(table, name))
  // The entries are those whose names are in both.
  return Object.fromEntries(entries) as Pick<Values, keyof Values & keyof Table>
}
