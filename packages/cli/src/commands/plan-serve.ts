import { basename, dirname, extname } from 'node:path'
import { formatModelId, MODEL_ID_RULE, type ModelName, parseModelId, StartupError } from 'incant/internal/signature'
import type { Command } from '../arguments/command-definition.ts'
import type { Settings } from '../arguments/settings.ts'
import { readTargets, type Target } from '../arguments/target.ts'
import type { ModelEntry, SettingsFile } from '../config/settings-file.ts'

/** The plan of a start: the settings of the server, and one predictor or several models. */
export type ServePlan =
  | { readonly kind: 'one'; readonly target: Target; readonly settings: Settings; readonly env?: ModelEntry['env'] }
  | { readonly kind: 'several'; readonly models: readonly ModelEntry[]; readonly settings: Settings }

/**
 * Joins the arguments, the settings and what a settings file says: flags and variables win over the file.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`, `file_not_found`.
 */
export function planServe(
  command: Command,
  positionals: readonly string[],
  { given, file }: { readonly given: Settings; readonly file: SettingsFile | undefined },
): ServePlan {
  const settings = file === undefined ? given : joinSettings(given, file)
  const entries = file?.models ?? []
  if (entries.length > 0 && positionals.length > 0) throw namedTwice(positionals)
  if (entries.length > 0) return planEntries(entries, settings)
  const targets = readTargets(command, positionals, settings.modelFile)
  const [first, ...others] = targets
  if (first !== undefined && others.length === 0) return { kind: 'one', target: first, settings }
  refuseOwnSettings(settings)
  return { kind: 'several', models: nameAll(targets).map(target => ({ target, options: {} })), settings }
}

function joinSettings(given: Settings, file: SettingsFile): Settings {
  return {
    ...given,
    config: given.config ?? file.config,
    className: given.className ?? file.className,
    modelPath: given.modelPath ?? file.modelPath,
    server: { ...file.server, ...given.server },
    app: { ...file.app, ...given.app },
    split: { ...file.split, ...given.split },
  }
}

/** One model in a file is one predictor, with its settings for those of the server. */
function planEntries(entries: readonly ModelEntry[], settings: Settings): ServePlan {
  const [only, ...others] = entries
  if (only === undefined || others.length > 0) {
    refuseOwnSettings(settings)
    return { kind: 'several', models: entries, settings }
  }
  const { target, options, config = settings.config, className = settings.className } = only
  const { modelPath = settings.modelPath } = only
  const joined = { ...settings, config, className, modelPath, ...divide(options, settings) }
  return { kind: 'one', target, settings: joined, ...(only.env === undefined ? {} : { env: only.env }) }
}

function divide(options: ModelEntry['options'], { server, app }: Settings): Pick<Settings, 'server' | 'app'> {
  const { workers, workerEnv, workerExecArgv, maxRequests, maxMemory, maxHeap, hangTimeout, ...ofApp } = options
  const ofServer = { workers, workerEnv, workerExecArgv, maxRequests, maxMemory, maxHeap, hangTimeout }
  const given = Object.fromEntries(Object.entries(ofServer).filter(([, value]) => value !== undefined))
  return { server: { ...server, ...given }, app: { ...app, ...ofApp } }
}

/** Names of models that have none: of the file, or of its folder where every predictor's file has the same. */
function nameAll(targets: readonly Target[]): readonly ModelEntry['target'][] {
  const named = targets.map(({ file, model }) => ({ file, model: model ?? nameFile(file) }))
  const ids = named.map(({ model }) => formatModelId(model))
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice === undefined) return named
  throw new StartupError({
    code: 'invalid_option',
    found: `two models are called ${twice}`,
    instead: 'Name them: incant serve NAME=FILE NAME=FILE, or NAME:VERSION=FILE.',
  })
}

const USUAL: readonly string[] = ['predictor', 'index']

function nameFile(file: string): ModelName {
  const base = basename(file, extname(file))
  const name = USUAL.includes(base) ? basename(dirname(file)) : base
  const model = parseModelId(name)
  if (model !== undefined) return model
  throw new StartupError({
    code: 'invalid_option',
    found: `the file ${basename(file)} makes no name of a model`,
    instead: `Write NAME=FILE, with ${MODEL_ID_RULE}.`,
  })
}

function namedTwice(positionals: readonly string[]): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: `the settings file names the models, and ${positionals.join(' ')} is given, too`,
    instead: 'Add it to models in the file, or take models out of it.',
  })
}

/** Options of one predictor that were given for several. */
function refuseOwnSettings({ config, className, modelPath }: Settings): void {
  const given = { '--config': config, '--class-name': className, '--model-path': modelPath }
  const [flag] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (flag === undefined) return
  throw new StartupError({
    code: 'invalid_option',
    found: `${flag} is about one predictor, and several are served`,
    instead: 'Write it in a settings file, below its model: --settings FILE.',
  })
}
