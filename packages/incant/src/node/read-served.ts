import type { AppHost } from '../app/app-host.ts'
import { hostOf } from '../app/create-app.ts'
import type { PredictorApp } from '../app/predictor-app.ts'
import { StartupError } from '../errors/startup-error.ts'
import { SERVER_OPTIONS } from '../options/server-options.ts'
import type { PredictorClass } from '../predictor/base-predictor.ts'
import { loadPredictorFile } from '../source/types-reader.ts'
import type { ServeInternals } from './serve-options.ts'

/** The argument of `serve`: a class; an application from `createApp`; or a predictor's file, as a path or a URL. */
export type Servable = PredictorClass | PredictorApp | string | URL

/** The predictor to serve, from any kind of argument. */
export interface Served {
  readonly predictor: PredictorClass
  /** The application that was given, which is adopted; else one is made. */
  readonly host: AppHost | undefined
  readonly app: PredictorApp | undefined
  readonly options: ServeInternals
  /** Remarks on the types of a file. */
  readonly warnings: readonly string[]
}

/**
 * Reads the predictor to serve.
 *
 * @throws {StartupError} `no_predictor`, `invalid_option`; for a file as `incant serve`.
 */
export async function readServed(given: Servable, options: ServeInternals): Promise<Served> {
  if (typeof given === 'string' || given instanceof URL) return readFile(given, options)
  const host = hostOf(given)
  if (host === undefined) {
    if (typeof Reflect.get(given, 'fetch') === 'function') throw foreignApp()
    // The application refuses a value that is not a predictor.
    const predictor = given as PredictorClass
    refuseIdleWorkers(options)
    return { predictor, host, app: undefined, options, warnings: [] }
  }
  refuseAppOptions(options)
  refuseIdleWorkers({ ...host.options, ...options })
  const all = { ...host.options, ...options }
  // In the turn in which it was made: in the next one it would start by itself.
  host.expectAdoption()
  // Only what createApp gives has a host.
  return { predictor: host.predictor, host, app: given as PredictorApp, options: all, warnings: [] }
}

async function readFile(file: string | URL, options: ServeInternals): Promise<Served> {
  const { predictor, source, warnings } = await loadPredictorFile(file)
  return { predictor, host: undefined, app: undefined, options: { source, ...options }, warnings }
}

function foreignApp(): StartupError {
  return new StartupError({
    code: 'no_predictor',
    found: 'an application was passed that createApp did not make',
    instead: "Mount yours in the one of createApp: createApp(Predictor).route('/more', yours).",
  })
}

/** Options that an application was given, or not, when it was made. */
function refuseAppOptions(options: ServeInternals): void {
  const known = ['source', 'logger', ...Object.keys(SERVER_OPTIONS)]
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  const foreign = given.filter(name => !known.includes(name))
  if (foreign.length === 0) return
  throw new StartupError({
    code: 'invalid_option',
    found: `${foreign.join(' and ')} ${foreign.length > 1 ? 'are options' : 'is an option'} of the application, which exists already`,
    instead: `Pass ${foreign.length > 1 ? 'them' : 'it'} to createApp.`,
  })
}

/** Processes cannot be given an object of this one: they import the class. */
function refuseIdleWorkers({ workers, source, engine }: ServeInternals): void {
  if (workers === undefined || workers === 0 || source !== undefined || engine !== undefined) return
  throw new StartupError({
    code: 'invalid_option',
    found: `workers is ${workers}, and nothing says where those processes find the predictor`,
    instead:
      "Pass the file, serve('./predictor.ts'); or say which module exports the class, source: { module: import.meta.resolve('./predictor.js') }; or let it run in this process, workers: 0.",
  })
}
