// Whether what the installed packages refer to is in them: each docs/NAME.md of their READMEs, code and types.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const references = new Set()
for (const name of ['incant', '@incant/cli']) {
  const folder = join('node_modules', name)
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(md|js|ts)$/.test(file) || file.includes('node_modules')) continue
    for (const [path] of readFileSync(join(folder, file), 'utf8').matchAll(/\bdocs\/[\w/-]+\.md\b/g)) {
      references.add(join(folder, path))
    }
  }
}
assert.ok(references.size > 5, 'the packages refer to documents')
assert.deepEqual(
  [...references].filter(path => !existsSync(path)),
  [],
)
console.log(`release: ${references.size} documents are where the packages say`)
