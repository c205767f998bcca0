import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { PredictSignature } from 'incant'
import { displayPath } from '../files/display-path.ts'
import { ownFile } from '../files/own-file.ts'
import type { BuildOptions, Work } from './build-work.ts'
import { bundleCode, placeOf } from './code.ts'
import { copyPackage } from './copy-package.ts'
import { titleOf, writeDescriptions, writeJSON } from './describe-bundle.ts'
import { listFiles, withSlashes } from './files.ts'
import { installPackages } from './install.ts'
import { type BundleManifest, CODE, MANIFEST, RUNTIME, SIGNATURE } from './manifest.ts'
import { writeModels } from './model-files.ts'
import { checkCompiled, checkNativeModules } from './native-modules.ts'
import { findNeeded, type NeededPackage } from './needed-packages.ts'
import { readPackage } from './package-manifest.ts'
import { isThisSystem } from './platform.ts'
import { cannotBuild } from './problem.ts'
import { findProject } from './project.ts'
import { previousOf, replaceFolder, restoreFolder } from './replace-folder.ts'
import { stageProject } from './stage.ts'

/** What was built. */
export interface Built {
  readonly manifest: BundleManifest
  readonly packages: number
  /** Of the project. */
  readonly name: string
  readonly version: string
}

/**
 * Builds a bundle: a folder that runs without a compiler. It appears whole, in the place of an earlier one, or not at all.
 *
 * @throws {StartupError} `cannot_build`, `wrong_platform`.
 */
export async function buildBundle(options: BuildOptions): Promise<Built> {
  const { file, out } = options
  restoreFolder(out)
  for (const folder of [out, previousOf(out)]) assertReplaceable(folder)
  const project = findProject(file)
  const code = await bundleCode({ file, folder: project.folder, root: project.root })
  const scratch = mkdtempSync(join(tmpdir(), 'incant-build-'))
  mkdirSync(dirname(out), { recursive: true })
  const fresh = mkdtempSync(`${out}.new-`)
  // Temporary folders are for one user alone, and a bundle is served by another one.
  chmodSync(fresh, 0o755)
  try {
    const packages = installInto(fresh, { scratch, project, code, options })
    writeCode(fresh, { project, code, options })
    writeRuntime(fresh)
    const models = await writeModels(fresh, options)
    const manifest = writeDescriptions(fresh, { project, code, packages, options, models })
    replaceFolder(fresh, out)
    return { manifest, packages: packages.length, ...titleOf(project) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** A folder that somebody else has filled is not replaced. */
function assertReplaceable(out: string): void {
  if (!existsSync(out) || existsSync(join(out, MANIFEST)) || listFiles(out).length === 0) return
  throw cannotBuild(`${displayPath(out)} has files that are no bundle`, 'Name another folder: --out DIR')
}

/** Dependencies of many projects that nothing needs at run time, unless the code imports them. */
const TOOLS: ReadonlySet<string> = new Set(['@incant/cli', 'typescript', 'tsx', 'esbuild', 'vitest'])

function installInto(
  fresh: string,
  { scratch, project, code, options }: Work & { readonly scratch: string },
): readonly NeededPackage[] {
  const stage = stageProject(project, scratch)
  const { platform } = options
  const isForeign = !isThisSystem(platform)
  installPackages({ project, stage, platform: isForeign ? platform : undefined })
  const own = findOwnRuntime(options.file)
  const { dependencies, optionalDependencies } = project.manifest
  const asked = new Set(Object.keys({ ...dependencies, ...optionalDependencies }).filter(name => !TOOLS.has(name)))
  // Code may load any dependency of the project by a name that it computes.
  const named = [...asked].map(name => ({ name, importer: join(project.folder, 'package.json'), isOptional: true }))
  const packages = findNeeded({ root: project.root, stage, imports: [...code.imports, ...named], asked, own })
  assertSameVersion(packages)
  for (const needed of packages) copyPackage(needed, fresh, needed.from !== own)
  if (isForeign)
    checkCompiled(
      fresh,
      packages.map(({ to }) => to),
      platform,
    )
  checkNativeModules(fresh, listFiles(fresh), platform)
  return packages
}

/** The folder of the package `incant` that the predictor uses now. */
function findOwnRuntime(file: string): string {
  try {
    return dirname(createRequire(file).resolve('incant/package.json'))
  } catch (cause) {
    throw cannotBuild(`incant is not installed where ${displayPath(file)} is`, 'Install it: npm install incant', cause)
  }
}

/** Incant's own code in a bundle is that of this command, and asks for the package of the same version. */
function assertSameVersion(packages: readonly NeededPackage[]): void {
  const wanted = readPackage(ownFile('package.json')).version
  const found = packages.find(({ manifest }) => manifest.name === 'incant')?.manifest.version
  if (found === wanted) return
  throw cannotBuild(
    `the lockfile has incant ${found}, and this is @incant/cli ${wanted}`,
    `Install the same version of both: npm install incant@${wanted} @incant/cli@${wanted}`,
  )
}

function writeCode(fresh: string, { project, code, options }: Work): void {
  const write = (path: string, contents: Uint8Array | string): void => {
    mkdirSync(dirname(join(fresh, path)), { recursive: true })
    writeFileSync(join(fresh, path), contents)
  }
  for (const [path, contents] of code.files) write(`${CODE}/${path}`, contents)
  const places = { folder: project.folder, root: project.root }
  const included = options.include.map(path => [placeOf(path, places), path] as const)
  for (const [place, path] of [...code.assets, ...included]) copyAsset(path, join(fresh, CODE, place))
  const signature = options.signature === undefined ? null : withoutMachine(options.signature, project.root)
  write(SIGNATURE, `${JSON.stringify(signature, null, 2)}\n`)
}

function copyAsset(from: string, to: string): void {
  if (!existsSync(from)) throw cannotBuild(`there is no ${displayPath(from)}`, 'Correct the path.')
  mkdirSync(dirname(to), { recursive: true })
  const isWanted = (path: string): boolean => !['node_modules', '.git'].includes(basename(path))
  cpSync(from, to, { recursive: true, dereference: true, filter: isWanted })
}

/** Places in the source are given from the root of the project, wherever that was. */
function withoutMachine(signature: PredictSignature, root: string): unknown {
  return JSON.parse(JSON.stringify(signature), (key, value: unknown) => {
    if (key !== 'location' || typeof value !== 'object' || value === null) return value
    const file: unknown = Reflect.get(value, 'file')
    return typeof file === 'string' ? { ...value, file: withSlashes(relative(root, resolve(file))) } : value
  })
}

/** Incant's own code: the command without what reads source. Its manifest is how that finds its own files. */
function writeRuntime(fresh: string): void {
  const { name, version, license, ...manifest } = readPackage(ownFile('package.json'))
  cpSync(ownFile('dist/runtime'), join(fresh, RUNTIME), { recursive: true })
  const repository: unknown = Reflect.get(manifest, 'repository')
  writeJSON(join(fresh, RUNTIME, 'package.json'), {
    ...{ name, version, license, type: 'module', repository },
    exports: { './package.json': './package.json' },
  })
  writeFileSync(join(fresh, 'server.js'), SERVER)
}

const SERVER = `#!/usr/bin/env node
import module from 'node:module'

// Newer versions of Node keep what they compiled for the next start.
module.enableCompileCache?.()
// Process 1 of a container does not end by a signal that nobody listens for, which is so until the server is loaded.
for (const signal of process.pid === 1 ? ['SIGTERM', 'SIGINT'] : [])
  process.once(signal, () => process.listenerCount(signal) === 0 && process.exit(1))
await import('./${RUNTIME}/server.js')
`
