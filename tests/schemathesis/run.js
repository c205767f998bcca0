// Schemathesis with all its checks on the document and the answers of every example, and of a predictor for each row of
// docs/types.md. What it finds fails, unless allowed.json says why it is right as it is.
//
//   node tests/schemathesis/run.js PATH-OF-SCHEMATHESIS
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { install, withServer } from '../../examples/serving.js'
import { inParallel } from '../in-parallel.js'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const [schemathesis = 'schemathesis'] = process.argv.slice(2)
const reports = mkdtempSync(join(tmpdir(), 'incant-schemathesis-'))

/** Findings that are right as they are: the targets they are found on, as a regular expression, their code, and why. */
const allowed = JSON.parse(readFileSync(here('allowed.json'), 'utf8'))

/**
 * Every example but two: `auth-tokens` needs a store that its check makes, and `private-server` certificates. Both have
 * the predict of `language-id`.
 */
const TOKENS = { AUTH_TOKENS: 'a-token' }
/** Models that compute for long are asked less often: the step would take minutes more. */
const FEWER = ['--max-examples', '10']
const EXAMPLES = [
  { file: 'language-id/predictor.ts' },
  { file: 'blocking/predictor.ts' },
  { file: 'embeddings/predictor.ts', chosen: ['--exclude-path', '/v1/embeddings', ...FEWER] },
  // Without the phase that sends as many texts as a request may have: this model takes longer for them than an answer may.
  {
    file: 'embeddings/predictor.ts',
    chosen: ['--include-path', '/v1/embeddings', '--phases', 'examples,fuzzing', ...FEWER],
  },
  ...['predictor', 'completions', 'chat'].map(name => ({ file: `char-lm/${name}.ts`, installs: true, chosen: FEWER })),
  { file: 'ocr/predictor.ts', installs: true, chosen: FEWER },
  { file: 'speech-detection/predictor.ts', installs: true },
  { file: 'auth-body/predictor.ts', variables: TOKENS, words: ['--public-openapi'] },
  { file: 'auth-header/predictor.ts', variables: TOKENS, headers: ['Authorization: Basic YS10b2tlbgo='] },
  ...readdirSync(here('../../examples/payload-forms/predictors')).map(name => ({
    file: `payload-forms/predictors/${name}`,
  })),
]

let tests = 0
const findings = []
try {
  await withRows(rows => inParallel(rows, ({ row, url }) => check(row, url, ['--include-path', '/predict'])))
  // The install script would fetch binaries for graphics cards, which are not used here.
  for (const { file, installs } of EXAMPLES)
    if (installs)
      install(new URL(`../../examples/${dirname(file)}/`, import.meta.url), { ONNXRUNTIME_NODE_INSTALL: 'skip' })
  // Two models at a time would compute for longer than an answer may take.
  for (const example of EXAMPLES.filter(isModel)) await checkExample(example)
  await inParallel(
    EXAMPLES.filter(example => !isModel(example)),
    checkExample,
  )
} finally {
  rmSync(reports, { recursive: true })
}
for (const { target, code, title } of findings) console.error(`${target}: ${code} ${title}`)
console.log(`${tests} requests, ${findings.length} findings that are not explained`)
process.exit(findings.length === 0 ? 0 : 1)

function isModel({ chosen, installs }) {
  return chosen !== undefined || installs === true
}

async function withRows(work) {
  const server = spawn(process.execPath, ['--import', 'tsx', here('rows.js')], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await once(createInterface(server.stdout), 'line')
    await work(JSON.parse(line))
  } finally {
    server.kill()
  }
}

async function checkExample({ file, variables = {}, headers = [], words = [], chosen = [] }) {
  const sent = [...headers.flatMap(header => ['--header', header]), ...chosen]
  const path = new URL(`../../examples/${file}`, import.meta.url)
  await withServer(path, url => check(`examples/${file}`, url, sent), { words, variables })
}

async function check(target, url, words) {
  const report = join(reports, `${randomUUID()}.json`)
  const bounded = [
    '--max-examples',
    '15',
    '--seed',
    '1',
    '--request-timeout',
    '30',
    '--max-response-time',
    '30',
    '--warnings',
    'off',
    '--no-color',
  ]
  const written = ['--report', 'json', '--report-json-path', report]
  const parameters = ['run', `${url}/openapi.json`, '--checks', 'all', ...bounded, ...written, ...words]
  // What it writes beside the report goes into its folder.
  const { stdout = '' } = await promisify(execFile)(schemathesis, parameters, { cwd: reports }).catch(
    failure => failure,
  )
  const { failures, errors, test_cases: cases } = readReport(report, stdout)
  tests += cases.generated
  for (const { code = 'error', title } of [...failures, ...errors])
    if (!isAllowed(target, { code, title, stdout })) findings.push({ target, code, title: `${title}\n${stdout}` })
}

function readReport(report, stdout) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch (cause) {
    throw new Error(`schemathesis wrote no report\n${stdout}`, { cause })
  }
}

function isAllowed(target, { code, title, stdout }) {
  const fits = entry =>
    entry.code === code &&
    (entry.title ?? title) === title &&
    new RegExp(entry.targets).test(target) &&
    (entry.answer === undefined || casesOf(code, stdout).every(text => text.includes(`"code":"${entry.answer}"`)))
  return allowed.some(fits)
}

/** What is printed of each request that was found to have a fault. */
function casesOf(code, stdout) {
  const cases = stdout.split(/^\d+\. Test Case ID: /m).slice(1)
  return cases.filter(text => text.includes(`- ${code} `))
}
