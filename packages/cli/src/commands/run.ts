import { readFileSync } from 'node:fs'
import { Problems } from 'incant/internal/signature'
import { readVariables } from '../arguments/environment.ts'
import { readEnvironmentFlags } from '../arguments/environment-flag.ts'
import { describeCommand, describeCommands } from '../arguments/help.ts'
import { type ParsedArguments, parseArguments } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { readSettings, type Settings } from '../arguments/settings.ts'
import { readTarget, type Target } from '../arguments/target.ts'
import type { SettingsFile } from '../config/settings-file.ts'
import { ownFile } from '../files/own-file.ts'
import { formatError } from '../report/print-error.ts'
import { printWarning } from '../report/warning.ts'
import { hasColors } from '../terminal/colors.ts'
import { startFirstReplica } from './first-replica.ts'
import { planServe, type ServePlan } from './plan-serve.ts'

type Command = Extract<ParsedArguments, { kind: 'command' }>

/**
 * Runs one command line to its end.
 *
 * @param environment - `process.env`: what `--env` names is set in it.
 * @returns The exit code: 0, or 1 with the reason on stderr.
 */
export async function runCommandLine(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    const own = OWN_WORDS[words[0] ?? '']
    return await (own === undefined ? run(words, environment) : own(words.slice(1), environment))
  } catch (thrown) {
    const debug = asksForStacks(words, environment)
    process.stderr.write(`${formatError(thrown, { debug, colors: hasColors(process.stderr, environment) })}\n`)
    return 1
  }
}

type Run = (words: readonly string[], environment: NodeJS.ProcessEnv) => Promise<number>

/**
 * Commands that read their words themselves. Each is loaded on demand: `token` needs all of `incant/auth`, a third of
 * the code that a server loads before it starts.
 */
const OWN_WORDS: Readonly<Record<string, Run | undefined>> = {
  token: async words => (await import('./token.ts')).runTokenCommand(words),
  cert: async words => (await import('./certificate.ts')).runCertificateCommand(words),
  manifest: async words => (await import('./manifest.ts')).runManifestCommand(words),
  install: async words => (await import('./install.ts')).runInstallCommand(words),
  deploy: async words => (await import('./server.ts')).runDeployCommand(words),
  server: async words => (await import('./server.ts')).runServerCommand(words),
  top: async (words, environment) => (await import('./top.ts')).runTopCommand(words, environment),
  completion: async words => (await import('./completion.ts')).runCompletionCommand(words),
  env: async (words, environment) => (await import('./environment.ts')).runEnvironmentCommand(words, environment),
}

/** Read apart from the other settings, since errors in those must be shown this way too. */
function asksForStacks(words: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  return words.includes('--debug') || ['1', 'true'].includes(environment['INCANT_DEBUG'] ?? '')
}

async function run(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const problems = new Problems()
  const parsed = parseArguments(words, problems)
  if (parsed.kind === 'command') return runCommand(parsed, environment, problems)
  if (parsed.kind === 'version') console.log(readVersion())
  else console.log(parsed.command === undefined ? describeCommands() : describeCommand(parsed.command, parsed.topic))
  return 0
}

async function runCommand(
  { command, positionals, flags }: Command,
  environment: NodeJS.ProcessEnv,
  problems: Problems,
): Promise<number> {
  const readChanges = () => readEnvironmentFlags(flags.get('env'), environment['INCANT_ENV'])
  const changes = problems.try(readChanges, { variables: {}, exposed: [] })
  Object.assign(environment, changes.variables)
  const variables = problems.try(() => readVariables(environment), new Map<string, string>())
  const given = problems.finish(() => readSettings(flags, variables))
  if (command.name === 'inspect') return runInspect(readTarget(command, positionals, given.modelFile), given)
  if (command.name === 'mcp') return runMcp(readTarget(command, positionals, given.modelFile), given)
  const file = await readSettingsOf(given)
  // A flag and its file win over what a settings file says.
  Object.assign(environment, file?.env, changes.variables)
  const plan = planServe(command, positionals, { given, file })
  for (const name of changes.exposed) warnOfExposure(name)
  if (plan.kind === 'several') return runSeveral(plan)
  Object.assign(environment, plan.env)
  return plan.settings.validate ? runValidate(plan.target, plan.settings) : runServe(plan.target, plan.settings)
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
async function runServe(target: Target, settings: Settings): Promise<number> {
  const early = startFirstReplica(target, settings)
  const { servePredictor } = await import('./serve.ts')
  return servePredictor(target, settings, early)
}

async function runValidate(target: Target, settings: Settings): Promise<number> {
  const { validatePredictor } = await import('./serve.ts')
  return validatePredictor(target, settings)
}

async function runInspect({ file }: Target, settings: Settings): Promise<number> {
  const { inspectPredictor } = await import('./inspect.ts')
  return inspectPredictor(file, settings)
}

async function runMcp(target: Target, settings: Settings): Promise<number> {
  const { serveTool } = await import('./mcp.ts')
  return serveTool(target, settings)
}

function warnOfExposure(name: string): void {
  printWarning(`every user of this machine can read ${name} in the process list\n  fix: Put it in a file: --env FILE`)
}

function readVersion(): string {
  // The package's own manifest, which npm does not publish without a version.
  const manifest = JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as {
    version: string
  }
  return manifest.version
}
