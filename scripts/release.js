#!/usr/bin/env node
// Releases a version, or rehearses it:
//
//   npm run release -- --dry-run           packs, writes the bills of materials, says what would be published
//   npm run release -- --version 0.2.0     sets the version and names the changes, for a commit
//   npm run release                        packs and publishes what is committed; .github/workflows/release.yml runs it
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nameChanges, readChanges } from './release/changelog.js'
import { npm, PACKAGES, pack, readManifest, root, writeSBOM } from './release/packages.js'
import { setVersion } from './release/version.js'

const CHANGELOG = join(root, 'CHANGELOG.md')
/** Tarballs, bills of materials and the text of the release; no part of the checkout. */
const OUTPUT = join(root, 'release')

const { values } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, version: { type: 'string' } },
})

try {
  if (values.version === undefined) release(values['dry-run'])
  else prepare(values.version)
} catch (error) {
  console.error(`release: ${error.message}`)
  process.exitCode = 1
}

/** Writes a version into everything that names it. */
function prepare(version) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) throw new Error(`${version} is not a version, such as 0.2.0`)
  if (readChanges(CHANGELOG, 'Unreleased') === undefined) throw new Error('CHANGELOG.md has no unreleased changes')
  setVersion(version)
  nameChanges(CHANGELOG, version)
  console.log(`Commit this as "Release ${version}", tag it v${version}, and push the tag.`)
}

function release(isRehearsal) {
  const version = readVersion()
  const changes = readChanges(CHANGELOG, version) ?? (isRehearsal ? readChanges(CHANGELOG, 'Unreleased') : undefined)
  if (changes === undefined)
    throw new Error(`CHANGELOG.md has no section for ${version}: run npm run release -- --version`)
  if (!isRehearsal) assertCommitted(version)
  rmSync(OUTPUT, { recursive: true, force: true })
  mkdirSync(OUTPUT)
  writeFileSync(join(OUTPUT, 'notes.md'), `${changes}\n`)
  const tarballs = []
  for (const folder of PACKAGES) tarballs.push(packOne(folder, tarballs))
  for (const tarball of tarballs) publish(tarball, isRehearsal)
  console.log(isRehearsal ? `Nothing was published: this was a rehearsal of ${version}.` : `Published ${version}.`)
}

/** All packages have one version: the command asks for exactly its own of the SDK. */
function readVersion() {
  const versions = new Set(PACKAGES.map(folder => readManifest(folder).version))
  if (versions.size !== 1) throw new Error(`the packages have different versions: ${[...versions].join(', ')}`)
  const [version] = versions
  return version
}

function assertCommitted(version) {
  const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim()
  if (git('status', '--porcelain') !== '') throw new Error('the checkout has changes that are not committed')
  const tags = git('tag', '--points-at', 'HEAD').split('\n')
  if (!tags.includes(`v${version}`)) throw new Error(`the commit has no tag v${version}`)
}

/** @param {readonly string[]} ours tarballs of ours that the package may ask for */
function packOne(folder, ours) {
  const { name } = readManifest(folder)
  const packed = pack(folder, OUTPUT)
  const tarball = join(OUTPUT, packed.filename)
  const bill = packed.filename.replace(/\.tgz$/, '.cdx.json')
  const components = writeSBOM(name, [...ours, tarball], join(OUTPUT, bill))
  console.log(
    `${name} ${packed.entryCount} files, ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked`,
  )
  console.log(`  release/${packed.filename} ${packed.integrity}`)
  console.log(`  release/${bill} CycloneDX, ${components} components`)
  return tarball
}

function publish(tarball, isRehearsal) {
  // Provenance needs a builder that signs what it built; a rehearsal has none.
  const words = isRehearsal ? ['--dry-run', '--no-provenance'] : ['--provenance']
  const tag = isPrerelease(tarball) ? 'next' : 'latest'
  npm('publish', tarball, '--access', 'public', '--tag', tag, ...words)
  const name = tarball.slice(OUTPUT.length + 1)
  console.log(`${isRehearsal ? 'would publish' : 'published'} ${name}: public, with provenance, as ${tag}`)
}

/** A version such as 1.0.0-rc.1 is for those who ask for it. */
function isPrerelease(tarball) {
  return /-\d+\.\d+\.\d+-/.test(tarball)
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} kB`
}
