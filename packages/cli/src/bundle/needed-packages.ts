import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { PackageImport } from './code.ts'
import { isPackageFile, withSlashes } from './files.ts'
import { CODE } from './manifest.ts'
import { type PackageManifest, readPackage } from './package-manifest.ts'
import { cannotBuild } from './problem.ts'

/** A package that a bundle needs. */
export interface NeededPackage {
  readonly manifest: PackageManifest
  /** Where it is. */
  readonly from: string
  /** Its place in the bundle, with slashes: `node_modules/hono`. */
  readonly to: string
}

/** What needs packages, and where they are. */
export interface NeedOptions {
  /** The root of the project. */
  readonly root: string
  /** The copy of it in which its packages are installed. */
  readonly stage: string
  readonly imports: readonly PackageImport[]
  /** Packages that the project asks for itself: optional peers of others are needed where it does. */
  readonly asked: ReadonlySet<string>
  /** The package `incant`, where it is a part of the project and not installed: its files as they are built. */
  readonly own: string
}

/**
 * The packages that code imports, and all that they need: what is installed beside them is left out.
 *
 * @throws {StartupError} `cannot_build`, where one is not among the production packages.
 */
export function findNeeded({ root, stage, imports, asked, own }: NeedOptions): readonly NeededPackage[] {
  const found = new Map<string, NeededPackage>()
  const add = (folder: string): void => {
    const isInstalled = isPackageFile(realpathSync(folder))
    const from = isInstalled ? folder : own
    const to = placeIn(withSlashes(relative(stage, folder)))
    if (to === `${CODE}/node_modules/incant`) throw nested()
    const known = found.get(to)
    if (known !== undefined && known.from !== from) throw clash(to)
    if (known !== undefined) return
    const manifest = readPackage(join(from, 'package.json'))
    found.set(to, { manifest, from, to })
    for (const next of dependenciesOf(manifest, isInstalled ? folder : realpathSync(folder), asked)) add(next)
  }
  for (const { name, importer, isOptional } of [...imports, INCANT]) {
    const folder = findPackage(name, join(stage, importer === '' ? '' : relative(root, dirname(importer))))
    if (folder !== undefined) add(folder)
    else if (!isOptional) throw missing(name, importer)
  }
  return [...found.values()]
}

/** What Incant's own code in a bundle imports. */
const INCANT: PackageImport = { name: 'incant', importer: '', isOptional: false }

/** Peers for whose types alone a package asks. */
const COMPILERS: ReadonlySet<string> = new Set(['typescript'])

/** Dependencies that are installed. A package does without optional ones, and without peers that it says it can miss. */
function dependenciesOf(manifest: PackageManifest, folder: string, asked: ReadonlySet<string>): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = manifest
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })
  return names.flatMap(name => {
    const isRequired = dependencies?.[name] !== undefined && optionalDependencies?.[name] === undefined
    const isPeer = dependencies?.[name] === undefined && optionalDependencies?.[name] === undefined
    if (isPeer && peerDependenciesMeta?.[name]?.optional === true && !asked.has(name)) return []
    if (isPeer && COMPILERS.has(name)) return []
    const found = findPackage(name, folder)
    // Peers that nobody installed are missing in the project as well.
    if (found === undefined && isRequired) throw missing(name, folder)
    return found ?? []
  })
}

/** As Node finds it: in the nearest `node_modules`. */
function findPackage(name: string, from: string): string | undefined {
  const folder = join(from, 'node_modules', name)
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(from)
  return parent === from ? undefined : findPackage(name, parent)
}

/** Packages that only a package of the workspace sees are beside its code. */
function placeIn(path: string): string {
  const start = path.indexOf('node_modules/')
  return start === 0 ? path : `${CODE}/${path.slice(start)}`
}

function missing(name: string, importer: string): Error {
  const by = importer === '' ? 'the server' : withSlashes(importer)
  return cannotBuild(
    `${by} imports ${name}, which is not among the production packages of the lockfile`,
    `Add it to "dependencies" in package.json: npm install ${name}`,
  )
}

/** Incant's own code in a bundle is beside that of the project, and finds it at the root alone. */
function nested(): Error {
  return cannotBuild(
    'incant is installed inside a package of the workspace, and another version of it at the root',
    'Ask for the same version of incant in each package.json.',
  )
}

function clash(to: string): Error {
  return cannotBuild(
    `packages of the workspace need different versions of ${to.slice(to.lastIndexOf('node_modules/') + 13)}`,
    'Ask for the same version in each package.json.',
  )
}
