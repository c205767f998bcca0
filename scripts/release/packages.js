import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** In the order in which they are published: each depends on those before it. */
export const PACKAGES = ['packages/incant', 'packages/cli', 'packages/create-incant']

/** @returns {Record<string, unknown> & { name: string, version: string }} */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

/** Runs npm in the checkout; gives back what it wrote to standard output. */
export function npm(...words) {
  return npmIn(root, ...words)
}

function npmIn(cwd, ...words) {
  return execFileSync('npm', words, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  })
}

/**
 * Packs a package.
 *
 * @param {string} folder
 * @param {string} destination
 * @returns {{ filename: string, size: number, unpackedSize: number, entryCount: number, integrity: string }}
 */
export function pack(folder, destination) {
  mkdirSync(destination, { recursive: true })
  const output = JSON.parse(npm('pack', '--json', '--pack-destination', destination, '--workspace', folder))
  // npm 12 gives an object with a member for each package, older ones an array.
  const [packed] = Array.isArray(output) ? output : Object.values(output)
  return packed
}

/**
 * Writes the software bill of materials of a package, in the CycloneDX format: what is installed with it today, which the
 * lock file of the checkout need not say.
 *
 * @param {string} name
 * @param {readonly string[]} tarballs the package's own, and those of ours that it asks for
 * @param {string} file
 * @returns {number} how many components it has
 */
export function writeSBOM(name, tarballs, file) {
  const folder = mkdtempSync(join(tmpdir(), 'incant-sbom-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{ "name": "sbom", "version": "0.0.0", "private": true }')
    npmIn(folder, 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs)
    const kind = ['--sbom-format', 'cyclonedx', '--sbom-type', 'library', '--package-lock-only']
    const bill = describePackage(JSON.parse(npmIn(folder, 'sbom', ...kind)), name)
    writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`)
    return bill.components.length
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** npm describes the project into which the package was installed: here the package is what is described. */
function describePackage(bill, name) {
  const component = bill.components.find(found => found['bom-ref'].startsWith(`${name}@`))
  if (component === undefined) throw new Error(`npm sbom does not describe ${name}`)
  const project = bill.metadata.component['bom-ref']
  // Where a tarball of ours lies on this machine is nobody's concern.
  for (const found of bill.components) {
    found.externalReferences = (found.externalReferences ?? []).filter(({ url }) => !url.startsWith('file:'))
  }
  return {
    ...bill,
    metadata: { ...bill.metadata, component },
    components: bill.components.filter(found => found !== component),
    dependencies: bill.dependencies.filter(({ ref }) => ref !== project),
  }
}
