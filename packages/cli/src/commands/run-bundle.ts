import { join } from 'node:path'
import type { ModelInfo } from 'incant'
import { Problems, StartupError } from 'incant/internal/signature'
import { COMMANDS } from '../arguments/command.ts'
import { describeCommand } from '../arguments/help.ts'
import { parseCommand } from '../arguments/parse.ts'
import { findModels } from '../bundle/find-models.ts'
import { type BundleManifest, SIGNATURE } from '../bundle/manifest.ts'
import { openBundle } from '../bundle/open-bundle.ts'
import type { ServePlan } from './plan-serve.ts'
import { reportFailure } from './report-failure.ts'
import { readGiven, runServe } from './run-serve.ts'

/**
 * Serves a bundle: `node DIR/server.js [MODEL:VERSION]`, with the options and variables of `incant serve`.
 *
 * @param root - The folder of the bundle.
 * @param words - What follows it on the command line.
 * @param environment - `process.env`: what `--env` names is set in it.
 * @returns The exit code: 0, or 1 with the reason on stderr.
 */
export function runBundle(root: string, words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  return reportFailure(words, environment, () => run(root, words, environment))
}

async function run(root: string, words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const problems = new Problems()
  const parsed = parseCommand(COMMANDS.serve, words, problems)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(COMMANDS.serve, parsed.topic)}\n`)
    return 0
  }
  const manifest = openBundle(root)
  const given = readGiven(parsed, environment, problems)
  const command = { ...parsed, positionals: [...parsed.positionals, join(root, manifest.entry)] }
  // What is named on the command line takes the place of the bundle's own.
  const isOwn = given.settings.modelPath === undefined && parsed.positionals.length === 0
  const modelInfo = isOwn ? await findModels(root, manifest, given.settings.trustModelFiles) : undefined
  return runServe({ command, ...given, revise: plan => revise(plan, { root, manifest, modelInfo }) }, environment)
}

interface Bundle {
  readonly root: string
  readonly manifest: BundleManifest
  /** Its own models, unless others are served. */
  readonly modelInfo: Partial<ModelInfo> | undefined
}

/** What was decided when the bundle was built holds where nothing else is said. */
function revise(plan: ServePlan, { root, manifest, modelInfo }: Bundle): ServePlan {
  if (plan.kind === 'several') throw refuseSeveral()
  const { settings, target } = plan
  const { name, version } = modelInfo ?? {}
  return {
    ...plan,
    target: {
      ...target,
      model: target.model ?? (name === undefined ? undefined : { name, version }),
      ...(modelInfo === undefined ? {} : { modelInfo }),
      signatureFile: join(root, SIGNATURE),
    },
    settings: { ...settings, className: settings.className ?? manifest.className },
  }
}

function refuseSeveral(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'a bundle has one predictor, and several are named',
    instead: 'Build a bundle of each, and leave models out of the settings file.',
  })
}
