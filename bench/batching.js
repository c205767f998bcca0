// What batches give: examples/embeddings with 64 callers, with batching and without, with one process and with two, and
// the same model in a bare loop, one text at a time and with batches of the sizes that were seen: what these two differ
// by is the most that batches can give. All run side by side and are loaded in turn.
//
//   node bench/batching.js            a minute or two
//   node bench/batching.js --short    seconds; fails on answers that are wrong, says little about speed
import { Agent, request } from 'node:http'
import { loadavg } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { textOf } from './batching/texts.js'
import { Child } from './child.js'
import { alignColumns, saveResults } from './report.js'
import { startServer } from './served.js'
import { median, percentile } from './statistics.js'

const CALLERS = 64
/** Connections that nobody has used for so long are not used again: the server may be about to close them. */
const IDLE = 30_000
const NAMES = {
  off: 'without batches',
  one: 'bare loop, one by one',
  bare: 'bare loop, the same batches',
  on: 'with batches',
  two: 'with batches, in two processes',
}
const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const { rounds, requests, single } = options.short
  ? { rounds: 1, requests: 128, single: 64 }
  : { rounds: 5, requests: 384, single: 128 }

const bare = new Child('The bare loop', { file: 'batching/bare.js', output: '/dev/null' })
const servers = []
try {
  const [on, off, two] = [
    await serve('Batched', 1, requests),
    await serve('Single', 1, single),
    await serve('Batched', 2, requests),
  ]
  await bare.started
  const figures = []
  for (let round = -1; round < rounds; round += 1) {
    const measured = await measureRound({ on, off, two })
    // The first round warms up.
    if (round >= 0) figures.push(measured)
  }
  report(figures)
} finally {
  await Promise.all([bare.stop(), ...servers.map(server => server.stop())])
}

async function serve(className, workers, count) {
  const server = await startServer('batching/predictor.ts', ['--class-name', className, '--workers', String(workers)])
  servers.push(server)
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS, timeout: IDLE })
  return { url: server.url, count, agent }
}

async function measureRound({ on, off, two }) {
  const load = loadavg()[0]
  const batched = await account(on)
  const { sizes } = batched.work
  const alone = await bare.ask(sizes)
  const items = sizes.reduce((sum, size) => sum + size, 0)
  const single = await account(off)
  const onePerBatch = await bare.ask(Array.from({ length: off.count }, () => 1))
  return {
    load,
    sizes,
    itemsPerSecond: {
      on: batched.itemsPerSecond,
      bare: items / alone.seconds,
      one: off.count / onePerBatch.seconds,
      off: single.itemsPerSecond,
      two: await takeLoad(two),
    },
    cpuPerItem: {
      on: batched.cpuPerItem,
      bare: alone.cpu / items,
      one: onePerBatch.cpu / off.count,
      off: single.cpuPerItem,
    },
    // Of the time there was, that in which the model computed.
    busy: batched.work.busy / (1000 * (items / batched.itemsPerSecond)),
  }
}

/** Loads a server, and asks what that took its predictor. */
async function account(server) {
  const before = await readWork(server)
  const itemsPerSecond = await takeLoad(server)
  const work = await readWork(server)
  return { itemsPerSecond, work, cpuPerItem: (work.cpu - before.cpu) / server.count }
}

/** Items a second, with so many callers that each send the next when they have the answer. */
async function takeLoad({ url, count, agent }) {
  let next = 0
  const startedAt = performance.now()
  const callers = Array.from({ length: CALLERS }, async () => {
    while (next < count) await embed(url, textOf(next++), agent)
  })
  await Promise.all(callers)
  return count / ((performance.now() - startedAt) / 1000)
}

/** What the predictor says that it has done since it was last asked. */
async function readWork({ url }) {
  return (await fetch(`${url}/health`)).json()
}

function embed(url, text, agent) {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' }
    const sent = request(`${url}/predict`, { method: 'POST', headers, agent }, response => {
      const chunks = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () => {
        const body = Buffer.concat(chunks)
        if (response.statusCode === 200 && body[0] === 0x5b) resolve()
        else reject(new Error(`${response.statusCode} ${body.subarray(0, 200)}`))
      })
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(text))
  })
}

/**
 * Throughput by the clock, and what an item costs the process that computes it, by the processor: the second says more
 * on a machine that does other things, too. Ratios are taken round by round.
 */
function report(figures) {
  const sizes = figures.flatMap(figure => figure.sizes)
  console.log(
    `examples/embeddings, ${CALLERS} callers, medians of ${figures.length} rounds; batches of ${median(sizes)}`,
  )
  console.log(
    alignColumns([
      ['', 'items/s', 'CPU ms/item', 'ratio', 'quartiles', 'ratio by CPU', 'wanted'],
      [...describe(figures, 'off'), '', '', '', ''],
      [...describe(figures, 'one'), '', '', '', ''],
      [...describe(figures, 'bare'), ...compare(figures, 'bare', 'one'), 'what the model gives'],
      [...describe(figures, 'on'), ...compare(figures, 'on', 'off'), '2.5 of without'],
      [...describe(figures, 'on'), ...compare(figures, 'on', 'bare'), '0.95 of the loop'],
      [...describe(figures, 'two'), ...compare(figures, 'two', 'on'), '1.7 of one, on free cores'],
    ]),
  )
  const busy = median(figures.map(figure => figure.busy)).toFixed(2)
  console.log(`With batches the model computes ${busy} of the time that there are calls.`)
  console.log(`Load of the machine before a round: ${median(figures.map(({ load }) => load)).toFixed(1)}`)
  if (!options.short) console.log(`Raw figures: ${relative('.', fileURLToPath(saveResults({ batching: figures })))}`)
}

/** A server's name, items a second, and milliseconds of the processor for each. */
function describe(figures, key) {
  const cpu = figures.map(({ cpuPerItem }) => cpuPerItem[key])
  return [
    NAMES[key],
    median(figures.map(({ itemsPerSecond }) => itemsPerSecond[key])).toFixed(0),
    cpu.includes(undefined) ? '' : median(cpu).toFixed(2),
  ]
}

function compare(figures, key, other) {
  const rates = figures.map(({ itemsPerSecond: of }) => of[key] / of[other])
  const costs = figures.map(({ cpuPerItem: of }) => of[other] / of[key])
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map(part => percentile(rates, part).toFixed(2))
  return [middle, `${lower}–${upper}`, costs.some(Number.isNaN) ? '' : median(costs).toFixed(2)]
}
