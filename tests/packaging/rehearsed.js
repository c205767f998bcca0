// What a rehearsed release left: a tarball and a bill of materials for each package, and the text of the release.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2] ?? ''
const files = readdirSync(folder).sort()
const { version } = JSON.parse(readFileSync(join(folder, '../packages/incant/package.json'), 'utf8'))
const names = ['incant', 'incant-cli', 'create-incant'].map(name => `${name}-${version}`)
assert.deepEqual(files, [...names.flatMap(name => [`${name}.tgz`, `${name}.cdx.json`]), 'notes.md'].sort())

for (const name of names) {
  const text = readFileSync(join(folder, `${name}.cdx.json`), 'utf8')
  assert.doesNotMatch(text, /"file:/)
  const { bomFormat, metadata, components } = JSON.parse(text)
  assert.equal(bomFormat, 'CycloneDX')
  assert.equal(metadata.component.version, version)
  const unlicensed = components.filter(({ licenses = [] }) => licenses.length === 0)
  assert.deepEqual(
    unlicensed.map(({ name }) => name),
    [],
    'every component names its licence',
  )
}
assert.match(readFileSync(join(folder, 'notes.md'), 'utf8'), /^### Added/m)
console.log('release: rehearsed')
