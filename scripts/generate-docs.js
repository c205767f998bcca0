// Writes the generated documents, or with --check compares them and fails when one is stale.
//
// Each module of scripts/docs/ makes one document: it exports `path` (from the root of the checkout) and `generate()`,
// which gives the whole text.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const check = process.argv.includes('--check')
const stale = []

for (const name of readdirSync(new URL('scripts/docs/', root))
  .filter(name => name.endsWith('.js'))
  .sort()) {
  const document = await import(new URL(`scripts/docs/${name}`, root))
  const text = await document.generate()
  if (text === readDocument(document.path)) continue
  stale.push(document.path)
  if (!check) writeFileSync(new URL(document.path, root), text)
}

if (check && stale.length > 0) {
  console.error(`Stale: ${stale.join(', ')}.\n  Run: npm run docs`)
  process.exitCode = 1
} else if (stale.length > 0) {
  console.log(`Written: ${stale.join(', ')}.`)
}

function readDocument(path) {
  try {
    return readFileSync(new URL(path, root), 'utf8')
  } catch {
    return undefined
  }
}
