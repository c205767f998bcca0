// docs/types.md: every TypeScript form with its schema, what is accepted and what is refused. Each row is a declaration
// that the real reader reads and the real validator checks; a row that says what they do not ends the generation.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSignatures } from '../../packages/cli/dist/index.js'
import { BasePredictor, createApp, silentLogger } from '../../packages/incant/dist/index.js'
import { compileValidator } from '../../packages/incant/dist/internal.js'
import { prose } from './types/prose.js'
import { CARRIED, FORMS, REFUSED, RETURNS, ROLES, TAGS } from './types/rows.js'

export const path = 'docs/types.md'

const IMPORTS = "import { BackgroundTasks, BasePredictor, type Form, type PredictContext } from 'incant'"

/** The whole document. */
export async function generate() {
  const rows = { roles: roleRows(), forms: formRows(), tags: tagRows(), returns: returnRows(), refused: refusedRows() }
  return prose({
    roles: table(['The type', 'The role', 'Predict gets'], rows.roles),
    carried: table(
      ['TypeScript', 'On the wire, in and out', 'Refused', 'JSON Schema, in and out'],
      await carriedRows(),
    ),
    forms: Object.fromEntries(Object.entries(rows.forms).map(([title, group]) => [title, formTable(group)])),
    tags: table(['JSDoc', 'On', 'Schema'], rows.tags),
    returns: table(['Predict returns', 'It is read as', 'Schema'], rows.returns),
    refused: table(['Type', 'What the start says'], rows.refused),
  })
}

function formTable(rows) {
  return table(['TypeScript', 'JSON Schema', 'Accepted', 'Refused'], rows)
}

function roleRows() {
  const read = readTypes(ROLES.map(({ type }) => `predict(parameter: ${type}) {}`))
  return ROLES.map(({ type, gets }, index) => [code(type), code(read[index].parameters[0].role), gets])
}

/** The rows of each group, by the group's title. */
function formRows() {
  const all = Object.values(FORMS).flat()
  const read = readTypes(
    all.map(({ type }) => `predict(payload: { value: ${type} }) {}`),
    all.map(({ declare }) => declare ?? ''),
  )
  const groups = Object.entries(FORMS).map(([title, rows]) => [
    title,
    rows.map(row => formRow(row, read[all.indexOf(row)])),
  ])
  return Object.fromEntries(groups)
}

/** Each type is taken and given back; a row whose two directions differ, in the schema or on the wire, ends the generation. */
async function carriedRows() {
  const read = readTypes(
    CARRIED.map(({ type }) => `predict(payload: { value: ${type} }): { value: ${type} } { throw 0 }`),
  )
  return Promise.all(CARRIED.map((row, index) => carriedRow(row, read[index])))
}

async function carriedRow({ type, wire, refused }, signature) {
  const schemas = [signature.parameters[0].schema, signature.returns[0].schema].map(schema => JSON.stringify(schema))
  if (schemas[0] !== schemas[1])
    throw new Error(`docs/types.md: ${type} is taken as ${schemas[0]} and given as ${schemas[1]}`)
  const back = await echo(signature, wire)
  if (back !== JSON.stringify({ value: wire }))
    throw new Error(`docs/types.md: ${type} goes in as ${JSON.stringify(wire)} and comes out as ${back}`)
  const [, , , refusedCell] = formRow({ type, accepted: wire, refused }, signature)
  return [code(type), value(wire), refusedCell, code(JSON.stringify(signature.parameters[0].schema.properties.value))]
}

class Echo extends BasePredictor {
  predict(payload) {
    return payload
  }
}

async function echo(signature, wire) {
  const app = createApp(Echo, { signature, logger: silentLogger })
  await app.ready
  const init = {
    method: 'POST',
    body: JSON.stringify({ value: wire }),
    headers: { 'content-type': 'application/json' },
  }
  const text = await (await app.request('/predict', init)).text()
  await app.close()
  return text
}

function formRow({ type, declare, accepted, refused }, signature) {
  const schema = signature.parameters[0].schema
  const { validate } = compileValidator(schema, signature.definitions)
  if (accepted !== undefined && !validate({ value: accepted }).ok) throw wrong(type, accepted, 'refused')
  if (refused !== undefined && validate({ value: refused }).ok) throw wrong(type, refused, 'accepted')
  return [
    [type, ...(declare === undefined ? [] : [declare])].map(code).join('<br>'),
    [schema.properties.value, ...definitionsOf(signature)].map(part => code(JSON.stringify(part))).join('<br>'),
    value(accepted),
    value(refused),
  ]
}

function definitionsOf({ definitions }) {
  return Object.keys(definitions).length === 0 ? [] : [{ $defs: definitions }]
}

function wrong(type, given, verdict) {
  return new Error(`docs/types.md: ${JSON.stringify(given)} is ${verdict} as ${type}`)
}

function value(example) {
  return example === undefined ? '' : code(JSON.stringify(example))
}

function tagRows() {
  const read = readTypes(TAGS.map(({ tag, type }) => `predict(payload: {\n/** ${tag} */\nvalue: ${type}\n}) {}`))
  return TAGS.map(({ tag, type }, index) => [
    code(tag),
    code(type),
    code(JSON.stringify(read[index].parameters[0].schema.properties.value)),
  ])
}

function returnRows() {
  const read = readTypes(RETURNS.map(({ type }) => `predict(): ${type} { throw 0 }`))
  return RETURNS.map(({ type }, index) => {
    const { returns } = read[index]
    return [
      code(type),
      returns.map(({ kind }) => code(kind)).join(', ') || 'nothing is known',
      returns.map(({ schema }) => (schema === undefined ? '' : code(JSON.stringify(schema)))).join(', '),
    ]
  })
}

function refusedRows() {
  return REFUSED.map(({ parameters, declare = '' }) => {
    const { found, instead } = refusalOf(
      `${IMPORTS}\n${declare}\nexport class P extends BasePredictor { predict(${parameters}) {} }`,
    )
    return [
      code([declare, `predict(${parameters})`].filter(part => part !== '').join(' ')),
      escapeCell(`${found}. ${instead}`),
    ]
  })
}

/** The signatures of predictors with these methods, in their order. */
export function readTypes(methods, declarations = []) {
  const classes = methods.map((method, index) =>
    [declarations[index] ?? '', `export class P${index} extends BasePredictor { ${method} }`].join('\n'),
  )
  const { signatures } = readSource([IMPORTS, ...classes].join('\n'))
  return methods.map((_, index) => signatures.find(({ className }) => className === `P${index}`))
}

function refusalOf(source) {
  try {
    readSource(source)
  } catch (error) {
    if (error.found !== undefined) return error
    throw error
  }
  throw new Error(`docs/types.md: nothing is refused in ${source}`)
}

function readSource(source) {
  const directory = mkdtempSync(join(tmpdir(), 'incant-docs-'))
  try {
    writeFileSync(join(directory, 'predictor.ts'), source)
    return readSignatures({ file: join(directory, 'predictor.ts'), all: true })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

/** A code span in a table's cell: whitespace joined, pipes escaped. */
function code(text) {
  const line = text.replace(/\s*\n\s*/g, ' ')
  const fence = line.includes('`') ? '``' : '`'
  const padded = fence === '``' ? ` ${line} ` : line
  return `${fence}${padded.replaceAll('|', '\\|')}${fence}`
}

function escapeCell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
