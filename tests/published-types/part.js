// A part of the cases of check.js.
//
//   node tests/published-types/part.js PART PARTS [NAME]
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readSignatures } from '../../packages/cli/dist/index.js'
import { compileValidator } from '../../packages/incant/dist/internal.js'
import { cases, refused } from './cases.js'
import { compare } from './compare.js'

const [part, parts] = process.argv.slice(2, 4).map(Number)
const wanted = process.argv[4] ?? ''
const generated = fileURLToPath(new URL('generated', import.meta.url))

const failures = []
const isMine = ({ name }, index) => name.includes(wanted) && index % parts === part
for (const one of cases.filter(isMine)) checkCase(one)
for (const one of refused.filter(isMine)) checkRefused(one)
for (const failure of failures) console.error(failure)
process.exitCode = failures.length === 0 ? 0 : 1

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
