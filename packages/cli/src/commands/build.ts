import { COMMANDS } from '../arguments/command.ts'
import { describeCommand } from '../arguments/help.ts'
import { type FlagValues, parseCommand } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { readTarget } from '../arguments/target.ts'
import { buildBundle } from '../bundle/build-bundle.ts'
import type { BuildOptions } from '../bundle/build-work.ts'
import { cannotBuild } from '../bundle/problem.ts'
import { verifyBundle } from '../bundle/verify-bundle.ts'
import { displayPath } from '../files/display-path.ts'
import { isSourceFile } from '../files/file-kind.ts'
import { buildImages } from '../image/build-images.ts'
import { runBuilder } from '../image/builder.ts'
import { type ImagePlan, readImage } from '../image/plan.ts'
import { loadClass } from '../load/prepare.ts'
import { formatReference } from '../oci/reference.ts'
import { Stopwatch } from '../report/stopwatch.ts'
import { printWarning } from '../report/warning.ts'
import { splitWords, withModels } from './with-models.ts'

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
  const image = readImage(flags)
  const words = splitWords(positionals)
  const { file } = readTarget(COMMANDS.build, [words.file], {})
  if (!isSourceFile(file)) throw refuseModelFile(file)
  await withModels(words.models, flags.get('model-path')?.at(-1), async models => {
    const bundle = { ...(await readBundle(file, flags)), models, base: image.dockerBase }
    if (bundle.mountModels && models.length === 0) throw refuseMount()
    if (image.builder === 'layout') await buildLayout(bundle, image)
    else await buildFolder(bundle, image)
  })
  return 0
}

/** What the flags say of the bundle itself. */
async function readBundle(file: string, flags: FlagValues): Promise<Omit<Bundle, 'base' | 'models'>> {
  const value = (name: string): string | undefined => flags.get(name)?.at(-1)
  const className = value('class-name')
  const { signature, warnings } = await loadClass(file, className, { stopwatch: new Stopwatch() })
  for (const warning of warnings) printWarning(warning)
  return {
    ...{ file, signature, className },
    include: (flags.get('include') ?? []).map(given => resolvePath(given)),
    out: resolvePath(value('out') ?? 'bundle'),
    mountModels: value('mount-models') === 'true',
  }
}

function refuseMount(): Error {
  return cannotBuild(
    '--mount-models is given, and no model',
    'Name one: incant build FILE MODEL:VERSION, or --model-path DIR',
  )
}

type Bundle = Omit<BuildOptions, 'platform'>

async function buildFolder(bundle: Bundle, { builder, platforms, reference, push }: ImagePlan): Promise<void> {
  const [platform] = platforms
  const { packages } = await buildBundle({ ...bundle, platform })
  const out = displayPath(bundle.out)
  process.stdout.write(`${out}: ${packages} packages and the code of ${displayPath(bundle.file)}\n`)
  process.stdout.write(`  incant serve ${out}\n`)
  if (builder === undefined || builder === 'layout' || reference === undefined) return
  runBuilder(builder, { bundle: bundle.out, reference, platform, push })
  process.stdout.write(`${formatReference(reference)}: made by ${builder}${push ? ', and pushed' : ''}\n`)
}

async function buildLayout(bundle: Bundle, plan: ImagePlan): Promise<void> {
  const { reference } = plan
  if (reference === undefined) return
  const { layout, digest, sent } = await buildImages({ ...plan, bundle, reference })
  process.stdout.write(`${displayPath(bundle.out)}: the bundle of ${displayPath(bundle.file)}\n`)
  process.stdout.write(`${displayPath(layout)}: ${formatReference(reference)}@${digest}\n`)
  if (sent !== undefined) process.stdout.write(`pushed: ${sent} bytes that the registry did not have\n`)
}

/** What runs it is a package that no lockfile of a project names. */
function refuseModelFile(file: string): Error {
  const path = displayPath(file)
  return cannotBuild(
    `${path} is a model file, and has no project with packages`,
    `Write the class that serves it into a project: incant inspect ${path} --as predictor.ts`,
  )
}
