import { COMMANDS } from '../arguments/command.ts'
import { describeCommand } from '../arguments/help.ts'
import { type FlagValues, parseCommand } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { readTarget } from '../arguments/target.ts'
import { buildBundle } from '../bundle/build-bundle.ts'
import { BASE } from '../bundle/dockerfile.ts'
import { readPlatform } from '../bundle/platform.ts'
import { cannotBuild } from '../bundle/problem.ts'
import { verifyBundle } from '../bundle/verify-bundle.ts'
import { displayPath } from '../files/display-path.ts'
import { isSourceFile } from '../files/file-kind.ts'
import { loadClass } from '../load/prepare.ts'
import { Stopwatch } from '../report/stopwatch.ts'
import { printWarning } from '../report/warning.ts'

/**
 * `incant build`: writes a folder that runs without a compiler.
 *
 * @returns The exit code.
 * @throws {StartupError} If it cannot be built. What was there before is there still.
 */
export async function runBuildCommand(words: readonly string[]): Promise<number> {
  const parsed = parseCommand(COMMANDS.build, words)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(COMMANDS.build)}\n`)
    return 0
  }
  const { positionals, flags } = parsed
  if (flags.has('verify')) return verify(positionals[0] ?? 'bundle')
  return build(positionals, flags)
}

function verify(folder: string): number {
  const count = verifyBundle(resolvePath(folder))
  process.stdout.write(`${folder}: ${count} files, each as it was built\n`)
  return 0
}

async function build(positionals: readonly string[], flags: FlagValues): Promise<number> {
  const value = (name: string): string | undefined => flags.get(name)?.at(-1)
  const path = (name: string): string | undefined => {
    const given = value(name)
    return given === undefined ? undefined : resolvePath(given)
  }
  const { file, model } = readTarget(COMMANDS.build, positionals, {})
  if (!isSourceFile(file)) throw refuseModelFile(file)
  const className = value('class-name')
  const base = value('base') ?? BASE
  const platform = readPlatform(value('platform'), base)
  const { signature, warnings } = await loadClass(file, className, { stopwatch: new Stopwatch() })
  for (const warning of warnings) printWarning(warning)
  const out = resolvePath(value('out') ?? 'bundle')
  const include = (flags.get('include') ?? []).map(given => resolvePath(given))
  const options = { file, signature, out, className, model, modelPath: path('model-path'), include, platform, base }
  const { packages } = await buildBundle(options)
  process.stdout.write(`${displayPath(out)}: ${packages} packages and the code of ${displayPath(file)}\n`)
  process.stdout.write(`  incant serve ${displayPath(out)}\n`)
  return 0
}

/** What runs it is a package that no lockfile of a project names. */
function refuseModelFile(file: string): Error {
  const path = displayPath(file)
  return cannotBuild(
    `${path} is a model file, and has no project with packages`,
    `Write the class that serves it into a project: incant inspect ${path} --as predictor.ts`,
  )
}
