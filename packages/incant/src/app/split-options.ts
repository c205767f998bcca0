import type { AppSettings } from '../options/app-options.ts'
import type { AppInternals, AppOptions } from './app-options.ts'

type ValueName = Exclude<keyof AppOptions | keyof AppInternals, keyof AppSettings>

/** Options that are values of the program, and no settings of a table. Complete by its type. */
const VALUES: Readonly<Record<ValueName, true>> = {
  signature: true,
  unchecked: true,
  config: true,
  modelInfo: true,
  logger: true,
  secrets: true,
  tracing: true,
  callScope: true,
  recorder: true,
  metricsPage: true,
  playground: true,
  jobs: true,
  engine: true,
  faces: true,
  isOneOfSeveral: true,
  documentReader: true,
  isOwn: true,
}

/** Options in two parts: the values, and everything else, which a table of settings reads and checks. */
export interface SplitOptions<Options> {
  readonly values: Pick<Options, keyof Options & ValueName>
  readonly settings: Omit<Options, ValueName>
}

/** Separates the values among options from the settings. */
export function splitOptions<Options extends AppOptions & AppInternals>(options: Options): SplitOptions<Options> {
  const entries = Object.entries(options)
  const isValue = ([name]: [string, unknown]) => Object.hasOwn(VALUES, name)
  // The entries are divided by their names, as the types are.
  return {
    values: Object.fromEntries(entries.filter(isValue)),
    settings: Object.fromEntries(entries.filter(entry => !isValue(entry))),
  } as SplitOptions<Options>
}
