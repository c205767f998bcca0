import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ownFile } from '../files/own-file.ts'
import { writeBill } from './bill-of-materials.ts'
import type { Work } from './build-work.ts'
import { digestOf, digestPaths } from './digest.ts'
import { DOCKERIGNORE, writeDockerfile } from './dockerfile.ts'
import { isPackageFile, listFiles } from './files.ts'
import { BUILDER_FILES, type BundledModel, type BundleManifest, CODE, MANIFEST } from './manifest.ts'
import type { NeededPackage } from './needed-packages.ts'
import { type PackageManifest, readPackage } from './package-manifest.ts'
import type { Project } from './project.ts'

/** What was built. */
export interface Described extends Work {
  readonly packages: readonly NeededPackage[]
  readonly models: readonly BundledModel[]
}

/** Writes the files that say what a bundle is; everything else is there already. */
export function writeDescriptions(
  fresh: string,
  { project, code, packages, options, models }: Described,
): BundleManifest {
  const { name, version } = titleOf(project)
  const { base, mountModels } = options
  writeJSON(join(fresh, 'package.json'), describePackage({ name, version }, packages))
  writeFileSync(join(fresh, 'sbom.cdx.json'), writeBill({ name, version }, packages))
  writeFileSync(
    join(fresh, 'Dockerfile'),
    writeDockerfile({ base, name, version, hasModel: models.length > 0 && !mountModels }),
  )
  writeFileSync(join(fresh, '.dockerignore'), DOCKERIGNORE)
  const manifest = describeBundle(fresh, { project, code, packages, options, models })
  writeJSON(join(fresh, MANIFEST), manifest)
  return manifest
}

/** The name and version of a project, where it has none those of its folder and the first. */
export function titleOf({ folder, manifest }: Project): { readonly name: string; readonly version: string } {
  const { name = basename(folder), version = '0.0.0' } = manifest
  return { name, version }
}

/** Dependencies are as they are installed: nothing is left to choose. */
function describePackage({ name, version }: PackageManifest, packages: readonly NeededPackage[]): object {
  const direct = packages.filter(({ to }) => to.lastIndexOf('node_modules/') === 0)
  return {
    ...{ name, version, private: true, type: 'module', main: 'server.js' },
    scripts: { start: 'node server.js' },
    engines: { node: '>=20.19' },
    dependencies: Object.fromEntries(direct.map(({ manifest }) => [manifest.name, manifest.version]).sort()),
  }
}

function describeBundle(
  fresh: string,
  { project, code, options, models, packages: needed }: Described,
): BundleManifest {
  const run = listFiles(fresh).filter(path => !BUILDER_FILES.includes(path))
  const digests = run.map(path => [path, digestOf(readFileSync(join(fresh, path)))] as const)
  const packages = digests.filter(([path]) => isPackageFile(path))
  const { lockfile } = project
  return {
    version: 1,
    incant: readPackage(ownFile('package.json')).version ?? '',
    node: '>=20.19',
    platform: options.platform,
    entry: `${CODE}/${code.entry}`,
    ...(options.className === undefined ? {} : { className: options.className }),
    models,
    lockfile: { name: basename(lockfile), sha256: digestOf(readFileSync(lockfile)) },
    packages: { count: needed.length, sha256: digestPaths(packages) },
    files: Object.fromEntries(digests.filter(([path]) => !isPackageFile(path))),
  }
}

/** Writes a value as JSON that a person can read. */
export function writeJSON(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
}
