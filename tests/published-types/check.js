// Types that other packages publish, in the hands of Incant: each is read, from a file as a person writes it; its bodies are
// accepted and refused, by Incant's validator and by ajv with the schema that Incant writes; and thousands of mutated
// bodies get the same verdict from ts-json-schema-generator with ajv. Each processor gets a part of the cases.
//
//   node tests/published-types/check.js [NAME]
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const generated = here('generated')

run('node', ['../../scripts/setup.js'])
if (!existsSync(here('node_modules'))) run('npm', ['ci', '--ignore-scripts'])

rmSync(generated, { recursive: true, force: true })
mkdirSync(generated)
try {
  const parts = Math.min(availableParallelism(), 4)
  const codes = await Promise.all(Array.from({ length: parts }, (_, part) => runPart(part, parts)))
  process.exitCode = codes.every(code => code === 0) ? 0 : 1
} finally {
  rmSync(generated, { recursive: true })
}

async function runPart(part, parts) {
  const parameters = [here('part.js'), String(part), String(parts), ...process.argv.slice(2)]
  const [code] = await once(spawn(process.execPath, parameters, { stdio: 'inherit' }), 'exit')
  return code
}

/** Runs a command in this folder, and stops where it fails. */
function run(command, parameters) {
  const { status, error } = spawnSync(command, parameters, { cwd: here('.'), stdio: 'inherit' })
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')} failed`, { cause: error })
}
