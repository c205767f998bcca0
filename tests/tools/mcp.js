// The Model Context Protocol in the hands of others: the conformance suite, the official clients, the inspector, and every
// type of docs/types.md as a tool. Needs Node 22 or newer, and a Python that has the client of requirements.txt.
//
//   node tests/tools/mcp.js PYTHON [conformance|clients|inspector|forms …]
import { deepStrictEqual } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withServer } from '../../examples/serving.js'
import { installWhenStale } from '../../scripts/setup/install.js'
import { KNOWN_FAILURES, SCENARIOS } from './mcp/conformance.js'
import { SUMS, WORDS } from './mcp/expected.js'

const here = path => fileURLToPath(new URL(`mcp/${path}`, import.meta.url))
const run = promisify(execFile)
const parts = { conformance: checkConformance, clients: checkClients, inspector: checkInspector, forms: checkForms }
const [python, ...wanted] = process.argv.slice(2)
if (python === undefined || !existsSync(python))
  throw new Error('which Python has the client? node tests/tools/mcp.js PYTHON')

installWhenStale(here('.'))
const scratch = mkdtempSync(join(tmpdir(), 'incant-mcp-'))
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) await parts[name]()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** Serves a predictor of the folder as a tool of its name. */
function withTool(name, check) {
  const file = new URL(`mcp/predictors/${name}.ts`, import.meta.url)
  return withServer(file, url => check(`${url}/mcp`), { words: ['--protocol', 'mcp', '--workers', '0'] })
}

async function checkConformance() {
  for (const [name, scenarios] of Object.entries(SCENARIOS)) {
    await withTool(name, async url => {
      for (const scenario of scenarios) await checkScenario(scenario, url)
    })
  }
}

async function checkScenario(scenario, url) {
  const output = join(scratch, scenario)
  // It ends with a failure where any check fails; which ones those are, its file says.
  await suite('server', '--url', url, '--scenario', scenario, '--output-dir', output).catch(() => {})
  const checks = readChecks(output)
  const failed = checks.filter(({ status }) => status === 'FAILURE').map(({ id }) => id)
  deepStrictEqual(failed.sort(), (KNOWN_FAILURES[scenario] ?? []).toSorted(), `${scenario} failed otherwise`)
  const passed = checks.filter(({ status }) => status === 'SUCCESS').length
  if (passed === 0) throw new Error(`${scenario} checked nothing`)
  console.log(`${scenario}: ${passed} checks passed${failed.length > 0 ? `, ${failed.length} known to fail` : ''}`)
}

function readChecks(folder) {
  const files = readdirSync(folder, { recursive: true }).filter(file => file.endsWith('checks.json'))
  return files.flatMap(file => JSON.parse(readFileSync(join(folder, file), 'utf8')))
}

function suite(...words) {
  return run(process.execPath, [here('node_modules/@modelcontextprotocol/conformance/dist/index.js'), ...words])
}

async function checkClients() {
  for (const [name, expected] of [
    ['add', SUMS],
    ['test_tool_with_progress', WORDS],
  ]) {
    await withTool(name, async url => {
      const { stdout } = await run(process.execPath, [here('clients.js'), url])
      for (const [client, seen] of Object.entries(JSON.parse(stdout))) {
        deepStrictEqual(seen, expected, client)
        console.log(`${client}: ${name}`)
      }
      await checkPython(name, url)
    })
  }
}

async function checkPython(name, url) {
  const { stdout } = await run(python, [here('client.py'), url])
  const sums = { tools: ['add'], added: { result: 3 }, wrong: true }
  const words = { tools: [name], progress: ['one', 'two', 'three'], text: 'onetwothree' }
  deepStrictEqual(JSON.parse(stdout), name === 'add' ? sums : words)
  console.log(`python: ${name}`)
}

async function checkInspector() {
  await withTool('add', async url => {
    const inspect = async (...words) => {
      const bin = here('node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js')
      const { stdout } = await run(process.execPath, [bin, '--cli', url, '--transport', 'http', ...words])
      return JSON.parse(stdout)
    }
    const { tools } = await inspect('--method', 'tools/list')
    deepStrictEqual(tools[0].inputSchema.required, ['a', 'b'])
    const { structuredContent } = await inspect(
      ...['--method', 'tools/call', '--tool-name', 'add', '--tool-arg', 'a=1', '--tool-arg', 'b=2'],
    )
    deepStrictEqual(structuredContent, { result: 3 })
    console.log('inspector: lists and calls')
  })
}

async function checkForms() {
  const { checkForms: check } = await import('./mcp/forms.js')
  console.log(`${await check()} types are tools whose results fit their schema`)
}
