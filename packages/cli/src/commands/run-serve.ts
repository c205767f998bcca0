import type { Problems } from 'incant/internal/signature'
import { readVariables } from '../arguments/environment.ts'
import { type EnvironmentChanges, readEnvironmentFlags } from '../arguments/environment-flag.ts'
import type { ParsedArguments } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { readSettings, type Settings } from '../arguments/settings.ts'
import type { Target } from '../arguments/target.ts'
import type { SettingsFile } from '../config/settings-file.ts'
import { printWarning } from '../report/warning.ts'
import { startFirstReplica } from './first-replica.ts'
import { planServe, type ServePlan } from './plan-serve.ts'
import { withFiles } from './with-files.ts'

/** A command, its words read. */
export type ParsedCommand = Extract<ParsedArguments, { kind: 'command' }>

/** What flags and variables say. */
export interface Given {
  readonly settings: Settings
  /** What `--env` names, set already. */
  readonly changes: EnvironmentChanges
}

/**
 * Reads flags and variables, and sets what `--env` names.
 *
 * @throws {StartupError} With everything that is wrong, and what `problems` has already.
 */
export function readGiven({ flags }: ParsedCommand, environment: NodeJS.ProcessEnv, problems: Problems): Given {
  const readChanges = () => readEnvironmentFlags(flags.get('env'), environment['INCANT_ENV'])
  const changes = problems.try(readChanges, { variables: {}, exposed: [] })
  Object.assign(environment, changes.variables)
  const variables = problems.try(() => readVariables(environment), new Map<string, string>())
  return { settings: problems.finish(() => readSettings(flags, variables)), changes }
}

/** What is served, and how. */
export interface Serve extends Given {
  readonly command: ParsedCommand
  /** Changes the plan before it is followed. */
  readonly revise?: (plan: ServePlan) => ServePlan
}

/**
 * `incant serve`, to its end.
 *
 * @returns The exit code.
 * @throws {StartupError} If it cannot be served.
 */
export async function runServe(
  { command, settings, changes, revise = plan => plan }: Serve,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const file = await readSettingsOf(settings)
  // A flag and its file win over what a settings file says.
  Object.assign(environment, file?.env, changes.variables)
  const plan = revise(planServe(command.command, command.positionals, { given: settings, file }))
  for (const name of changes.exposed) warnOfExposure(name)
  return withFiles(plan, environment, found => follow(found, environment))
}

function follow(plan: ServePlan, environment: NodeJS.ProcessEnv): Promise<number> {
  if (plan.kind === 'several') return runSeveral(plan)
  Object.assign(environment, plan.env)
  return plan.settings.validate ? runValidate(plan.target, plan.settings) : runOne(plan.target, plan.settings)
}

/** The parser of YAML is loaded where there is something to parse. */
async function readSettingsOf({ settings }: Settings): Promise<SettingsFile | undefined> {
  if (settings === undefined) return undefined
  const { readSettingsFile } = await import('../config/settings-file.ts')
  return readSettingsFile(resolvePath(settings))
}

async function runSeveral({ models, settings }: ServePlan & { readonly kind: 'several' }): Promise<number> {
  const { serveSeveral, validateSeveral } = await import('./serve-several.ts')
  return settings.validate ? validateSeveral(models, settings) : serveSeveral(models, settings)
}

/** The code of a server is loaded when the first process of the predictor has started. */
async function runOne(target: Target, settings: Settings): Promise<number> {
  const early = startFirstReplica(target, settings)
  const { servePredictor } = await import('./serve.ts')
  return servePredictor(target, settings, early)
}

async function runValidate(target: Target, settings: Settings): Promise<number> {
  const { validatePredictor } = await import('./serve.ts')
  return validatePredictor(target, settings)
}

function warnOfExposure(name: string): void {
  printWarning(`every user of this machine can read ${name} in the process list\n  fix: Put it in a file: --env FILE`)
}
