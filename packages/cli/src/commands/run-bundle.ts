import { join } from 'node:path'
import { Problems, StartupError } from 'incant/internal/signature'
import { COMMANDS } from '../arguments/command.ts'
import { describeCommand } from '../arguments/help.ts'
import { parseCommand } from '../arguments/parse.ts'
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
  return runServe({ command, ...given, revise: plan => revise(plan, { root, manifest }) }, environment)
}

interface Bundle {
  readonly root: string
  readonly manifest: BundleManifest
}

/** What was decided when the bundle was built holds where nothing else is said. */
function revise(plan: ServePlan, { root, manifest }: Bundle): ServePlan {
  if (plan.kind === 'several') throw refuseSeveral()
  const { settings, target } = plan
  const { className, model } = manifest
  const path = model?.path === undefined ? undefined : join(root, model.path)
  return {
    ...plan,
    target: {
      ...target,
      model: target.model ?? (model?.name === undefined ? undefined : { name: model.name, version: model.version }),
      signatureFile: join(root, SIGNATURE),
    },
    settings: {
      ...settings,
      className: settings.className ?? className,
      // A version that is named is one of the store.
      modelPath: settings.modelPath ?? (target.wanted === undefined ? path : undefined),
    },
  }
}

function refuseSeveral(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'a bundle has one predictor, and several are named',
    instead: 'Build a bundle of each, and leave models out of the settings file.',
  })
}
