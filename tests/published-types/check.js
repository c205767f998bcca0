// Types that other packages publish, in the hands of Incant: each is read, from a file as a person writes it; its bodies are
// accepted and refused, by Incant's validator and by ajv with the schema that Incant writes; and thousands of mutated
// bodies get the same verdict from ts-json-schema-generator with ajv.
//
//   node tests/published-types/check.js [NAME]
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cases, refused } from './cases.js'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const generated = here('generated')

run('node', ['../../scripts/setup.js'])
if (!existsSync(here('node_modules'))) run('npm', ['ci', '--ignore-scripts'])

const { readSignatures } = await import('../../packages/cli/dist/index.js')
const { compileValidator } = await import('../../packages/incant/dist/internal.js')
const { Ajv2020 } = await import('ajv/dist/2020.js')
const { compare } = await import('./compare.js')

const wanted = process.argv[2]
const isWanted = ({ name }) => wanted === undefined || name.includes(wanted)
rmSync(generated, { recursive: true, force: true })
mkdirSync(generated)
const failures = []
try {
  for (const one of cases.filter(isWanted)) checkCase(one)
  for (const one of refused.filter(isWanted)) checkRefused(one)
} finally {
  rmSync(generated, { recursive: true })
}
for (const failure of failures) console.error(failure)
process.exitCode = failures.length === 0 ? 0 : 1

/** Runs a command in this folder, and stops where it fails. */
function run(command, parameters) {
  const { status, error } = spawnSync(command, parameters, { cwd: here('.'), stdio: 'inherit' })
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')} failed`, { cause: error })
}

/** A predictor's file with the type in it, as a person would write it. */
function writePredictor({ imports, payload, returns = 'number' }) {
  const file = `${generated}/predictor-${Math.random().toString(36).slice(2)}.ts`
  writeFileSync(
    file,
    `import { BasePredictor } from 'incant'
${imports}
export type Payload = ${payload}
export class Predictor extends BasePredictor {
  predict(payload: Payload): ${returns} {
    return JSON.parse(JSON.stringify(payload))
  }
}
`,
  )
  return file
}

function checkCase(one) {
  const file = writePredictor(one)
  const started = performance.now()
  const { signatures } = readSignatures({ file })
  const duration = performance.now() - started
  const [signature] = signatures
  const { schema } = signature.parameters[0]
  const { validate } = compileValidator(schema, signature.definitions)
  const judges = {
    Incant: body => validate(body).ok,
    ...(one.withoutAjv ? {} : { ajv: compileAjv(schema, signature.definitions) }),
  }
  for (const [judge, accepts] of Object.entries(judges)) {
    for (const body of one.accept) if (!accepts(body)) report(one, `${judge} refuses ${JSON.stringify(body)}`)
    for (const body of one.refuse) if (accepts(body)) report(one, `${judge} accepts ${JSON.stringify(body)}`)
  }
  const compared = one.compare ? compare({ file, bodies: one.accept, accepts: judges.Incant }) : undefined
  for (const difference of compared?.differences ?? []) report(one, difference)
  console.log(describe({ one, duration, size: JSON.stringify(signature).length, compared }))
}

function compileAjv(schema, definitions) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, unicodeRegExp: true })
  return ajv.compile({ ...schema, $defs: definitions })
}

function describe({ one, duration, size, compared }) {
  const parts = [`${Math.round(duration)} ms`, `${Math.ceil(size / 1000)} kB`]
  if (compared !== undefined) {
    parts.push(
      `${compared.count} mutations, ${compared.accepted} of them accepted, ${compared.differences.length} differ`,
    )
  }
  return `${one.name}: ${parts.join(', ')}`
}

function checkRefused(one) {
  try {
    readSignatures({ file: writePredictor(one) })
  } catch (error) {
    if (one.says.test(error.found ?? '')) console.log(`${one.name}: refused as it should be`)
    else report(one, `is refused otherwise: ${error.message}`)
    return
  }
  report(one, 'is not refused')
}

function report({ name }, message) {
  failures.push(`${name}: ${message}`)
}
