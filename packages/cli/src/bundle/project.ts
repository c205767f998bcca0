import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { displayPath } from '../files/display-path.ts'
import { findUpwards } from '../files/find-upwards.ts'
import { type PackageManifest, readPackage } from './package-manifest.ts'
import { cannotBuild } from './problem.ts'

/** A program that installs packages. */
export type Manager = 'npm' | 'pnpm' | 'yarn' | 'yarn-classic'

/** The project that a predictor belongs to. */
export interface Project {
  /** The folder of the nearest package.json. */
  readonly folder: string
  readonly manifest: PackageManifest
  /** The folder of the lockfile: that of the project, or of the workspace around it. */
  readonly root: string
  readonly lockfile: string
  readonly manager: Manager
}

const LOCKFILES = ['npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'] as const
/** Absent from the project, each of these would be the one to make. */
const HOW = 'Make one, and commit it: npm install, pnpm install or yarn install writes it.'

/**
 * Finds the project of a file, and its lockfile.
 *
 * @throws {StartupError} `cannot_build`.
 */
export function findProject(file: string): Project {
  const path = findUpwards(dirname(file), 'package.json')
  if (path === undefined)
    throw cannotBuild(
      `there is no package.json above ${displayPath(file)}, so its packages are not known`,
      'Make one in the folder of the project: npm init, then npm install incant',
    )
  const root = findRoot(dirname(path))
  if (root === undefined)
    throw cannotBuild(`${displayPath(path)} has no lockfile, so the versions of its packages are not known`, HOW)
  const manifest = readPackage(path)
  return { folder: dirname(path), manifest, root, ...chooseLockfile(root) }
}

function findRoot(folder: string): string | undefined {
  if (LOCKFILES.some(name => existsSync(join(folder, name)))) return folder
  const parent = dirname(folder)
  return parent === folder ? undefined : findRoot(parent)
}

/** The one that is there; of several the one of the manager that package.json names. */
function chooseLockfile(root: string): Pick<Project, 'lockfile' | 'manager'> {
  const found = LOCKFILES.filter(name => existsSync(join(root, name))).map(name => join(root, name))
  const named = /^\w+/.exec(readPackage(join(root, 'package.json')).packageManager ?? '')?.[0]
  const choices = found.map(lockfile => ({ lockfile, manager: managerOf(lockfile) }))
  const matching = choices.filter(({ manager }) => named === undefined || manager.startsWith(named))
  const [only] = matching
  const others = new Set(matching.map(({ manager }) => manager))
  if (only !== undefined && others.size === 1) return only
  throw cannotBuild(
    `${displayPath(root)} has several lockfiles: ${found.map(path => basename(path)).join(', ')}`,
    'Remove those that are not kept up to date, or write "packageManager" into package.json.',
  )
}

function managerOf(lockfile: string): Manager {
  const name = basename(lockfile)
  if (name === 'pnpm-lock.yaml') return 'pnpm'
  if (name !== 'yarn.lock') return 'npm'
  return /^__metadata:/m.test(readFileSync(lockfile, 'utf8')) ? 'yarn' : 'yarn-classic'
}
