import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, PACKAGES, readManifest, root } from './packages.js'

const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies']

/**
 * Writes a version into the packages, into what they and the examples ask for of them, and into the lock file.
 *
 * @param {string} version
 */
export function setVersion(version) {
  const names = PACKAGES.map(folder => readManifest(folder).name)
  const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => join('examples', name))
  for (const folder of [...PACKAGES, ...examples]) {
    const manifest = readManifest(folder)
    if (PACKAGES.includes(folder)) manifest.version = version
    for (const kind of DEPENDENCIES) {
      for (const name of names) if (manifest[kind]?.[name] !== undefined) manifest[kind][name] = version
    }
    writeFileSync(join(root, folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  }
  // An error that the README shows links to the page of its version.
  const readme = join(root, 'README.md')
  writeFileSync(readme, readFileSync(readme, 'utf8').replaceAll(/\/blob\/v[\w.-]+\/docs\//g, `/blob/v${version}/docs/`))
  npm('install', '--package-lock-only', '--ignore-scripts')
}
