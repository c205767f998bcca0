// Serves a predictor for each row of docs/types.md, all in this process, until it is told to stop; prints where they are.
//
//   node --import tsx tests/schemathesis/rows.js
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { readSignatures } from '../../packages/cli/dist/index.js'
import { silentLogger } from '../../packages/incant/dist/index.js'
import { serve } from '../../packages/incant/dist/node.js'
import { CARRIED, FORMS, RETURNS, ROLES, TAGS } from '../../scripts/docs/types/rows.js'

const IMPORTS = "import { BackgroundTasks, BasePredictor, type Form, type PredictContext } from 'incant'"

/** What predict returns for each row of the results. */
const RESULTS = {
  '{ label: string }': "{ label: 'a' }",
  'Promise<number[]>': 'Promise.resolve([1, 2.5])',
  string: "'text'",
  void: 'undefined',
  Uint8Array: 'new Uint8Array([1, 2])',
  Blob: "new Blob(['a'], { type: 'text/plain' })",
  ReadableStream: "new Blob(['a']).stream()",
  Response: 'Response.json({ a: 1 })',
  'AsyncGenerator<{ token: string }>': "(async function* () { yield { token: 'a' }; yield { token: 'b' } })()",
  'string | null': 'null',
  'AsyncGenerator<Uint8Array>': '(async function* () { yield new Uint8Array([1]) })()',
  '{ at: Date; id: bigint; values: Float64Array; image: Uint8Array }':
    '{ at: new Date(0), id: 1n, values: new Float64Array([0.5]), image: new Uint8Array([1]) }',
  unknown: '{ a: 1 }',
}

/** Rows whose parameter is no body of its own get a payload beside it. */
const methods = [
  ...ROLES.map(({ type }) => ({
    row: `role ${type}`,
    method: `predict(parameter: ${type}): boolean { return parameter !== null }`,
  })),
  ...[...CARRIED, ...Object.values(FORMS).flat()].map(({ type, declare }) => ({
    row: `value ${type}`,
    declare,
    method: `predict(payload: { value: ${type} }): { value: ${type} } { return payload }`,
  })),
  ...TAGS.map(({ tag, type }) => ({
    row: `${tag} on ${type}`,
    method: `predict(payload: {\n/** ${tag} */\nvalue: ${type}\n}): number { return String(payload.value).length }`,
  })),
  ...RETURNS.map(({ type }) => ({
    row: `gives ${type}`,
    method: `predict(_payload: { a?: number }): ${type} { return ${resultOf(type)} }`,
  })),
]

function resultOf(type) {
  const result = RESULTS[type]
  if (result === undefined) throw new Error(`tests/schemathesis/rows.js: no result for ${type}`)
  return result
}

const here = dirname(fileURLToPath(import.meta.url))
mkdirSync(join(here, '.tmp'), { recursive: true })
const folder = mkdtempSync(join(here, '.tmp', 'rows-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'predictors.ts')
const classes = methods.map(
  ({ declare = '', method }, index) => `${declare}\nexport class P${index} extends BasePredictor { ${method} }`,
)
// Of its own: that of the repository refuses what a predictor may have, an enum for one.
const options = { strict: true, module: 'nodenext', target: 'es2023', types: ['node'] }
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }))
writeFileSync(file, [IMPORTS, ...classes].join('\n'))
const { signatures } = readSignatures({ file, all: true })
const predictors = await import(pathToFileURL(file).href)

const served = await Promise.all(
  methods.map(async ({ row }, index) => {
    const name = `P${index}`
    const signature = signatures.find(({ className }) => className === name)
    const server = await serve(predictors[name], {
      signature,
      port: 0,
      workers: 0,
      logger: silentLogger,
      openapi: true,
    })
    await server.ready
    return { row, url: server.url }
  }),
)
console.log(JSON.stringify(served))
process.on('SIGTERM', () => process.exit(0))
