import { AppHost } from '../app/app-host.ts'
import { checkAliases } from '../app/faces/model-aliases.ts'
import { nameModel } from '../app/models/name-model.ts'
import { checkSplits } from '../app/models/version-split.ts'
import { StartupError } from '../errors/startup-error.ts'
import { MODEL_OPTIONS, type ModelSettings } from '../options/model-options.ts'
import { withoutUndefined } from '../options/without-undefined.ts'
import { formatModelId, MODEL_ID_RULE, type ModelName, parseModelId } from '../predictor/model-id.ts'
import { readServed, type Servable } from './read-served.ts'
import { type ReadServeOptions, readServeOptions, type ServeInternals, type ServeOptions } from './serve-options.ts'

/** One of several models: its predictor, and the settings in which it differs from the server. */
export interface ModelToServe
  extends ModelSettings,
    Pick<ServeOptions, 'signature' | 'unchecked' | 'config' | 'modelInfo' | 'source'> {
  /** A class, or the file of one, as for {@link serve}. */
  readonly predictor: Servable
  /** Added to the environment of the processes that run it. The decorators of its class are read without. */
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** Models by `NAME` or `NAME:VERSION`. */
export type ModelsToServe = { readonly [id: string]: Servable | ModelToServe }

/** Options of {@link serveModels}: those of {@link serve} that the models share, and defaults for those they do not. */
export interface ServeModelsOptions
  extends Omit<ServeOptions, 'signature' | 'unchecked' | 'config' | 'modelInfo' | 'source'> {
  /**
   * The share of the calls of a name that each of its versions gets: `{ words: { v1: 90, v2: 10 } }`. The same caller is
   * always sent to the same version; a call without a principal is sent by its request id.
   * Default: all calls to the version that is named first. Each version also has its own path, `/models/words:v2/predict`.
   */
  readonly split?: { readonly [name: string]: { readonly [version: string]: number } } | undefined
}

/** {@link ServeModelsOptions}, with what the command and tests add. */
export type ServeModelsInternals = ServeModelsOptions & ServeInternals

/** One model, everything about it checked. */
export interface ReadModel extends ModelName {
  readonly id: string
  readonly host: AppHost
  readonly read: ReadServeOptions
  readonly warnings: readonly string[]
}

/**
 * Reads and checks all models.
 *
 * @throws {StartupError} What is wrong with one of them, naming it.
 */
export async function readModels(
  models: ModelsToServe,
  { split = {}, ...shared }: ServeModelsInternals,
): Promise<readonly ReadModel[]> {
  const names = Object.keys(models).map(readName)
  if (names.length === 0) throw refuse('no model was given', 'Name at least one: { words: ./words.ts }.')
  checkSplits(split, names)
  const read: ReadModel[] = []
  try {
    for (const name of names) read.push(await readModel(name, models[formatModelId(name)] ?? '', shared))
    refuseUnfit(read, shared)
    checkAliases(read.map(({ host }) => ({ ...host.subject, modelAliases: host.settings.modelAliases })))
  } catch (error) {
    await closeAll(read)
    throw error
  }
  return read
}

/** A protocol that is asked for is one that some model fits. */
function refuseUnfit(models: readonly ReadModel[], { protocols = [] }: ServeInternals): void {
  const spoken = new Set<string>(models.flatMap(({ host }) => host.faces.map(({ protocol }) => protocol)))
  const unfit = protocols.find(protocol => protocol !== 'none' && !spoken.has(protocol))
  if (unfit === undefined) return
  throw new StartupError({
    code: 'protocol_unfit',
    found: `none of the models fits the protocol ${unfit}`,
    instead: 'To see what each would have to change, write: incant inspect FILE',
  })
}

/** Gives back what was read and is not to be served. */
export async function closeAll(models: readonly ReadModel[]): Promise<void> {
  await Promise.allSettled(models.map(({ host }) => host.authenticator.close()))
}

/**
 * Reads and checks one model.
 *
 * @throws {StartupError} What is wrong with it, naming it.
 */
export async function readModel(
  name: ModelName,
  given: Servable | ModelToServe,
  shared: ServeInternals,
): Promise<ReadModel> {
  const id = formatModelId(name)
  try {
    const { predictor, env, ...own } = isPlan(given) ? given : { predictor: given, env: undefined }
    refuseApplication(predictor)
    const { source, ...options } = refuseForeign({ ...shared, ...withoutUndefined(own) }, own)
    const served = await readServed(predictor, { ...options, ...(source === undefined ? {} : { source }) })
    const read = readServeOptions(withNames(served.options, name))
    const host = new AppHost(served.predictor, withoutUndefined({ ...read.app, isOneOfSeveral: true }))
    return { ...name, id, host, read: withEnvironment(read, env), warnings: served.warnings }
  } catch (thrown) {
    throw nameModel(id, thrown)
  }
}

function readName(id: string): ModelName {
  const name = parseModelId(id)
  if (name === undefined) throw refuse(`${JSON.stringify(id)} is not the name of a model`, `Use ${MODEL_ID_RULE}.`)
  return name
}

/** Whether more than a predictor is said of a model. */
export function isPlan(given: Servable | ModelToServe): given is ModelToServe {
  return typeof given === 'object' && !(given instanceof URL) && 'predictor' in given
}

/** An application has its own routes, so no prefix could be chosen for it. */
function refuseApplication(predictor: Servable): void {
  if (typeof predictor !== 'object' || predictor instanceof URL) return
  throw refuse('an application of createApp was passed', 'Pass its class, or the file of it.')
}

const OWN_NAMES: ReadonlySet<string> = new Set([
  ...MODEL_OPTIONS,
  'signature',
  'unchecked',
  'config',
  'modelInfo',
  'source',
])

function refuseForeign(all: ServeInternals, own: object): ServeInternals {
  const foreign = Object.keys(own).find(name => !OWN_NAMES.has(name))
  if (foreign === undefined) return all
  throw refuse(`"${foreign}" is no option of one model`, `A model can have ${[...MODEL_OPTIONS].join(', ')}.`)
}

function withNames(options: ServeInternals, { name, version }: ModelName): ServeInternals {
  return { ...options, modelInfo: { ...options.modelInfo, name, ...(version === undefined ? {} : { version }) } }
}

function withEnvironment(read: ReadServeOptions, env: ModelToServe['env']): ReadServeOptions {
  if (env === undefined) return read
  if (read.source === undefined || read.settings.workers === 0) {
    throw refuse('env is given, and no separate process runs the predictor', 'Pass the file, with workers above 0.')
  }
  return { ...read, source: { ...read.source, env } }
}

function refuse(found: string, instead: string): StartupError {
  return new StartupError({ code: 'invalid_option', found, instead })
}
