import { readFileSync } from 'node:fs'
import { Problems } from 'incant/internal/signature'
import { describeCommand, describeCommands } from '../arguments/help.ts'
import { parseArguments } from '../arguments/parse.ts'
import type { Settings } from '../arguments/settings.ts'
import { readTarget, type Target } from '../arguments/target.ts'
import { ownFile } from '../files/own-file.ts'
import { reportFailure } from './report-failure.ts'
import { type ParsedCommand, readGiven, runServe } from './run-serve.ts'
import { withFiles } from './with-files.ts'

/**
 * Runs one command line to its end.
 *
 * @param environment - `process.env`: what `--env` names is set in it.
 * @returns The exit code: 0, or 1 with the reason on stderr.
 */
export async function runCommandLine(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const own = OWN_WORDS[words[0] ?? '']
  return reportFailure(words, environment, () =>
    own === undefined ? run(words, environment) : own(words.slice(1), environment),
  )
}

type Run = (words: readonly string[], environment: NodeJS.ProcessEnv) => Promise<number>

/**
 * Commands that read their words themselves. Each is loaded on demand: `token` needs all of `incant/auth`, a third of
 * the code that a server loads before it starts.
 */
const OWN_WORDS: Readonly<Record<string, Run | undefined>> = {
  init: async words => (await import('./init.ts')).runInitCommand(words),
  model: async (words, environment) => (await import('./model.ts')).runModelCommand(words, environment),
  build: async words => (await import('./build.ts')).runBuildCommand(words),
  token: async words => (await import('./token.ts')).runTokenCommand(words),
  cert: async words => (await import('./certificate.ts')).runCertificateCommand(words),
  manifest: async words => (await import('./manifest.ts')).runManifestCommand(words),
  install: async words => (await import('./install.ts')).runInstallCommand(words),
  deploy: async words => (await import('./server.ts')).runDeployCommand(words),
  server: async words => (await import('./server.ts')).runServerCommand(words),
  top: async (words, environment) => (await import('./top.ts')).runTopCommand(words, environment),
  jobs: async (words, environment) => (await import('./jobs.ts')).runJobsCommand(words, environment),
  completion: async words => (await import('./completion.ts')).runCompletionCommand(words),
  env: async (words, environment) => (await import('./environment.ts')).runEnvironmentCommand(words, environment),
}

async function run(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const problems = new Problems()
  const parsed = parseArguments(words, problems)
  if (parsed.kind === 'command') return runCommand(parsed, environment, problems)
  if (parsed.kind === 'version') console.log(readVersion())
  else console.log(parsed.command === undefined ? describeCommands() : describeCommand(parsed.command, parsed.topic))
  return 0
}

async function runCommand(command: ParsedCommand, environment: NodeJS.ProcessEnv, problems: Problems): Promise<number> {
  const given = readGiven(command, environment, problems)
  const { settings } = given
  const target = () => readTarget(command.command, command.positionals, settings.modelFile)
  if (command.command.name === 'inspect') return runInspect(target(), settings)
  if (command.command.name === 'mcp') return runMcp(target(), settings, environment)
  return runServe({ command, ...given }, environment)
}

async function runInspect({ file }: Target, settings: Settings): Promise<number> {
  const { inspectPredictor } = await import('./inspect.ts')
  return inspectPredictor(file, settings)
}

async function runMcp(target: Target, settings: Settings, environment: NodeJS.ProcessEnv): Promise<number> {
  const { serveTool } = await import('./mcp.ts')
  return withFiles({ kind: 'one', target, settings }, environment, plan =>
    serveTool(plan.kind === 'one' ? plan.target : target, settings),
  )
}

function readVersion(): string {
  // The package's own manifest, which npm does not publish without a version.
  const manifest = JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as {
    version: string
  }
  return manifest.version
}
