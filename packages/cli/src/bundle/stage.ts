import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { listManifests } from './list-manifests.ts'
import { type Dependencies, type PackageManifest, readPackage } from './package-manifest.ts'
import type { Project } from './project.ts'

/** What package managers read of a project beside manifests and the lockfile, where it is there. */
const SETTINGS: readonly string[] = [
  ...['.npmrc', 'pnpm-workspace.yaml', '.pnpmfile.cjs', 'patches', '.yarnrc', '.yarnrc.yml'],
  ...['.yarn/releases', '.yarn/plugins', '.yarn/patches'],
]

/** As deep as a path of a package outside of the project may lead upwards. */
const DEPTH = 'a/b/c/d/e/f/g/h'

/**
 * Copies what decides which packages a project has, and none of its code, to where they can be installed without a change of
 * the project: manifests of the workspace, the lockfile, settings of the package manager, packages in local archives.
 *
 * @param scratch - An empty folder.
 * @returns The copy of the root of the project.
 */
export function stageProject({ root, lockfile }: Project, scratch: string): string {
  const stage = join(scratch, DEPTH)
  for (const path of listManifests(root)) stageManifest(root, path, stage)
  for (const path of [basename(lockfile), ...SETTINGS]) copy(join(root, path), join(stage, path))
  return stage
}

/** Scripts are those of the project itself: they need its code, and prepare nothing that a package needs. */
function stageManifest(root: string, path: string, stage: string): void {
  const { scripts: _, ...manifest } = readPackage(join(root, path))
  mkdirSync(dirname(join(stage, path)), { recursive: true })
  writeFileSync(join(stage, path), JSON.stringify(manifest, null, 2))
  for (const archive of archivesOf(manifest)) {
    const below = join(dirname(path), archive)
    copy(resolve(root, below), resolve(stage, below))
  }
}

/** `../words-1.0.0.tgz` of `file:../words-1.0.0.tgz` */
function archivesOf({ dependencies, optionalDependencies, devDependencies }: PackageManifest): readonly string[] {
  const all: Dependencies = { ...dependencies, ...optionalDependencies, ...devDependencies }
  return Object.values(all).flatMap(wanted => /^(?:file:)?(\.{1,2}\/.+\.(?:tgz|tar\.gz))$/.exec(wanted)?.[1] ?? [])
}

function copy(from: string, to: string): void {
  if (existsSync(from)) cpSync(from, to, { recursive: true })
}
