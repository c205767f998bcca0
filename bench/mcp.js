// What a call of a tool costs: Incant, with and without a process for the predictor, beside the official SDK of the Model
// Context Protocol and LitServe. CPU of the whole process tree; the servers run side by side and are loaded in turn.
//
//   node bench/mcp.js [--short] [--litserve]     LitServe is installed from PyPI into bench/mcp/.python
import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installWhenStale } from '../scripts/setup/install.js'
import { installPython } from './python.js'
import { alignColumns } from './report.js'
import { send } from './send.js'
import { startServer } from './served.js'
import { startProcess } from './started.js'
import { median } from './statistics.js'
import { readTreeCpu } from './tree.js'

const here = name => fileURLToPath(new URL(`mcp/${name}`, import.meta.url))
/** Calls in flight. */
const CALLERS = 8
/** What a client takes. */
const ACCEPT = { Accept: 'application/json, text/event-stream' }
const PYTHON = here('.python')

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, litserve: { type: 'boolean', default: false } },
})
const { rounds, calls } = options.short ? { rounds: 3, calls: 1000 } : { rounds: 9, calls: 4000 }

/** A call as clients of each era send it; the arguments of LitServe stand under the name of its parameter. */
const LEGACY = { headers: {}, meta: {} }
const MODERN = {
  headers: { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': 'add' },
  meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  },
}

installWhenStale(here('.'))
const servers = {}
try {
  for (const [name, workers] of [
    ['incant', '1'],
    ['incant, one process', '0'],
  ])
    servers[name] = { ...(await startServer('mcp/add.ts', ['--protocol', 'mcp', '--workers', workers])), path: '/mcp' }
  servers.sdk = await start(process.execPath, here('sdk-server.js'), '/mcp')
  if (options.litserve) servers.litserve = await startLitServe()
  const load = loadavg()[0]
  report('2025-11-25', await measure(LEGACY, Object.keys(servers)), load)
  // LitServe has no revision in which each request says its version.
  const modern = Object.keys(servers).filter(name => name !== 'litserve')
  report('2026-07-28', await measure(MODERN, modern), load)
} finally {
  await Promise.all(Object.values(servers).map(server => server.stop()))
}

async function measure(era, names) {
  const figures = Object.fromEntries(names.map(name => [name, []]))
  for (let round = -1; round < rounds; round += 1) {
    // Every second time the other way round.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const cpu = await takeLoad(name, era)
      // The first round warms up.
      if (round >= 0) figures[name].push(cpu)
    }
  }
  return figures
}

/** Microseconds of CPU of the whole tree for each call. */
async function takeLoad(name, { headers, meta }) {
  const { url, path, pid, wrap = numbers => numbers } = servers[name]
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS })
  const call = { method: 'POST', agent, headers: { 'Content-Type': 'application/json', ...ACCEPT, ...headers } }
  const before = readTreeCpu(pid)
  let next = 0
  const callers = Array.from({ length: CALLERS }, async () => {
    while (next < calls) {
      next += 1
      const [a, b] = [next, 1]
      const params = { name: 'add', arguments: wrap({ a, b }), _meta: meta }
      const text = await send(
        `${url}${path}`,
        call,
        JSON.stringify({ jsonrpc: '2.0', id: next, method: 'tools/call', params }),
      )
      if (!new RegExp(`\\\\"result\\\\":\\s*${a + b}(?:\\.0)?\\b`).test(text))
        throw new Error(`${name} answers ${text}`)
    }
  })
  await Promise.all(callers)
  const cpu = (readTreeCpu(pid) - before) / calls
  agent.destroy()
  return cpu
}

function report(era, figures, load) {
  const [first] = Object.values(figures)
  const rows = Object.entries(figures).map(([name, rounds]) => {
    const ratios = rounds.map((cpu, round) => cpu / first[round])
    const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
    return [name, median(rounds).toFixed(0), median(ratios).toFixed(2), spread]
  })
  console.log(`a call of a tool, revision ${era}, ${CALLERS} at once, load ${load.toFixed(1)}`)
  console.log(`${alignColumns([['', 'CPU µs/call', 'ratio', 'least–most'], ...rows])}\n`)
  const { sdk, litserve } = figures
  for (const [name, rounds] of Object.entries({ sdk, litserve }))
    if (rounds !== undefined && median(rounds.map((cpu, round) => cpu / first[round])) < 1)
      throw new Error(`A call costs more than with ${name}.`)
}

async function startLitServe() {
  installPython(PYTHON, readFileSync(here('requirements.txt'), 'utf8'))
  const server = await start(`${PYTHON}/bin/python`, here('litserve_server.py'), '/mcp/')
  return { ...server, wrap: numbers => ({ request: numbers }) }
}

/** A server once it answers. */
async function start(program, file, path) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
  const headers = { 'Content-Type': 'application/json', ...ACCEPT }
  const ask = url => fetch(`${url}${path}`, { method: 'POST', headers, body })
  return { ...(await startProcess(port => [program, file, String(port)], ask)), path }
}
