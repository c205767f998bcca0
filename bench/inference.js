// What a tensor of 224 × 224 × 3 FP32 costs by the Open Inference Protocol. First the process with the sockets: as binary data,
// beside the same bytes to /predict. Fails where it takes more than 1.3 times as much. Then, with --peers, all processes of
// Incant beside KServe's own server and MLServer, on the same model. The servers run side by side and are loaded in turn.
//
//   node bench/inference.js [--short] [--peers]     --short: checks the answers, says little about speed. The peers are
//                                                   installed from PyPI into bench/inference/.python
import { Agent } from 'node:http'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startKServe, startMLServer } from './inference/servers.js'
import { alignColumns } from './report.js'
import { send } from './send.js'
import { startServer } from './served.js'
import { median, percentile } from './statistics.js'
import { readProcessCpu, readTreeCpu } from './tree.js'

/** Requests in flight. */
const CALLERS = 4
/** What the front may take, compared to the same bytes to /predict. */
const TARGET = 1.3
const SHAPE = [1, 3, 224, 224]
const INFER = '/v2/models/mean/infer'

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, peers: { type: 'boolean', default: false } },
})
const rounds = options.short ? 3 : 24

const numbers = Float32Array.from({ length: 3 * 224 * 224 }, (_, index) => (index % 256) / 255)
const bytes = Buffer.from(numbers.buffer)
const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
const BODIES = { binary: makeBinary(), json: makeJSON(), bytes: { path: '/predict', body: bytes, headers: octets() } }

const incant = await startServer('inference/mean.ts', ['--protocol', 'v2', '--class-name', 'Mean'])
const started = [incant]
try {
  const plain = await add(startServer('inference/mean.ts', ['--class-name', 'MeanOfBytes']))
  const front = await measure(
    { 'bytes to /predict': [plain, 'bytes'], 'binary tensor': [incant, 'binary'] },
    { requests: 100, read: readProcessCpu },
  )
  report('the front', front)
  const ratio = ratioOf(front, 'binary tensor', 'bytes to /predict')
  if (ratio > TARGET && !options.short)
    throw new Error(`A binary tensor takes ${ratio.toFixed(2)} times the CPU of the same bytes.`)
  if (options.peers) await comparePeers()
} finally {
  await Promise.all(started.map(server => server.stop()))
}

async function comparePeers() {
  const kserve = await add(startKServe())
  const mlserver = await add(startMLServer())
  const plan = { requests: options.short ? 8 : 20, read: readTreeCpu }
  const binary = await measure({ incant: [incant, 'binary'], KServe: [kserve, 'binary'] }, plan)
  report('all processes, binary tensor', binary)
  const json = await measure({ incant: [incant, 'json'], KServe: [kserve, 'json'], MLServer: [mlserver, 'json'] }, plan)
  report('all processes, JSON', json)
  if (ratioOf(binary, 'KServe', 'incant') < 1) throw new Error('A binary tensor costs more than with KServe.')
  for (const peer of ['KServe', 'MLServer'])
    if (ratioOf(json, peer, 'incant') < 1 && !options.short)
      throw new Error(`A tensor in JSON costs more than with ${peer}.`)
}

async function add(starting) {
  const server = await starting
  started.push(server)
  return server
}

/** Microseconds of CPU for each request, and requests a second, round by round. */
async function measure(subjects, { requests, read }) {
  const names = Object.keys(subjects)
  const figures = Object.fromEntries(names.map(name => [name, []]))
  for (let round = -1; round < rounds; round += 1) {
    // Every second time the other way round.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const [server, form] = subjects[name]
      const figure = await takeLoad(server, BODIES[form], { requests, read })
      // The first round warms up.
      if (round >= 0) figures[name].push(figure)
    }
  }
  return figures
}

async function takeLoad({ url, pid }, { path, body, headers }, { requests, read }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS })
  const [before, start] = [read(pid), performance.now()]
  let left = requests
  const callers = Array.from({ length: CALLERS }, async () => {
    for (; left > 0; left -= 1) check(await send(`${url}${path}`, { method: 'POST', agent, headers }, body))
  })
  await Promise.all(callers)
  const figure = { cpu: (read(pid) - before) / requests, rate: (1000 * requests) / (performance.now() - start) }
  agent.destroy()
  return figure
}

/** Every answer has the mean, in the form of /predict or of the protocol. */
function check(text) {
  const { mean: plain, outputs } = JSON.parse(text)
  const [found] = plain ?? outputs?.[0].data ?? []
  if (!(Math.abs(found - mean) < 1e-6)) throw new Error(`The answer is ${text}, and the mean is ${mean}.`)
}

function report(title, figures) {
  const [first] = Object.keys(figures)
  const rows = Object.entries(figures).map(([name, taken]) => {
    const ratios = taken.map(({ cpu }, round) => cpu / figures[first][round].cpu)
    const [lower, upper] = [0.25, 0.75].map(part => percentile(ratios, part).toFixed(2))
    return [
      name,
      (quartileOf(taken) / 1000).toFixed(2),
      median(taken.map(({ rate }) => rate)).toFixed(0),
      ratioOf(figures, name, first).toFixed(2),
      `${lower}–${upper}`,
    ]
  })
  console.log(`${title}, 150,528 FP32 numbers, ${CALLERS} at once, load ${loadavg()[0].toFixed(1)}`)
  console.log(`${alignColumns([['', 'CPU ms/request', 'requests/s', 'ratio', 'round by round'], ...rows])}\n`)
}

/** What disturbs a process only ever makes it dearer, by missed caches and changed contexts: lower quartiles are compared. */
function ratioOf(figures, name, base) {
  return quartileOf(figures[name]) / quartileOf(figures[base])
}

function quartileOf(taken) {
  return percentile(
    taken.map(({ cpu }) => cpu),
    0.25,
  )
}

function makeBinary() {
  const input = { name: 'image', datatype: 'FP32', shape: SHAPE, parameters: { binary_data_size: bytes.length } }
  const json = Buffer.from(JSON.stringify({ id: '1', inputs: [input] }))
  const headers = { ...octets(), 'Inference-Header-Content-Length': json.length }
  return { path: INFER, body: Buffer.concat([json, bytes]), headers }
}

function makeJSON() {
  const inputs = [{ name: 'image', datatype: 'FP32', shape: SHAPE, data: Array.from(numbers) }]
  return { path: INFER, body: JSON.stringify({ id: '1', inputs }), headers: { 'Content-Type': 'application/json' } }
}

function octets() {
  return { 'Content-Type': 'application/octet-stream' }
}
