// What batches give: examples/embeddings with 64 callers, with batching and without, with one process and with two, and
// the same model in a bare loop with batches of the sizes that were seen. All run side by side and are loaded in turn.
//
//   node bench/batching.js            about three minutes
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
import { percentile } from './statistics.js'

const CALLERS = 64
const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const { rounds, requests, single } = options.short
  ? { rounds: 1, requests: 128, single: 64 }
  : { rounds: 7, requests: 640, single: 256 }

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
  const server = await startServer('batching/predictor.ts', ['--classname', className, '--workers', String(workers)])
  servers.push(server)
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS })
  return { url: server.url, count, agent }
}

async function measureRound({ on, off, two }) {
  const load = loadavg()[0]
  const before = await readWork(on)
  const withBatches = await takeLoad(on)
  const work = await readWork(on)
  const { sizes } = work
  const alone = await bare.ask(sizes)
  const items = sizes.reduce((sum, size) => sum + size, 0)
  return {
    load,
    sizes,
    itemsPerSecond: {
      on: withBatches,
      bare: items / alone.seconds,
      off: await takeLoad(off),
      two: await takeLoad(two),
    },
    // Of the time there was, that in which the model computed; and what an item costs its process, to that of the loop.
    busy: work.busy / (1000 * (items / withBatches)),
    cpu: (work.cpu - before.cpu) / alone.cpu,
  }
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
    sent.end(JSON.stringify({ text }))
  })
}

function report(figures) {
  const quartiles = values => [0.5, 0.25, 0.75].map(part => percentile(values, part).toFixed(2))
  const ratio = (one, other) => quartiles(figures.map(({ itemsPerSecond: of }) => of[one] / of[other]))
  const share = key => quartiles(figures.map(figure => figure[key]))
  const rate = name =>
    percentile(
      figures.map(({ itemsPerSecond }) => itemsPerSecond[name]),
      0.5,
    ).toFixed(0)
  const row = (name, key, against, wanted) => {
    const [median, lower, upper] = against === undefined ? ['', '', ''] : ratio(key, against)
    return [name, rate(key), median, against === undefined ? '' : `${lower}–${upper}`, wanted]
  }
  const sizes = figures.flatMap(figure => figure.sizes)
  console.log(
    `examples/embeddings, ${CALLERS} callers, ${figures.length} rounds; batches of ${percentile(sizes, 0.5)} (median)`,
  )
  console.log(
    alignColumns([
      ['', 'items/s', 'ratio', 'quartiles', 'wanted'],
      row('without batches', 'off', undefined, ''),
      row('with batches, to without', 'on', 'off', '2.5'),
      row('bare loop, batches of the same sizes', 'bare', undefined, ''),
      row('with batches, to the bare loop', 'on', 'bare', '0.95'),
      row('in two processes, to one', 'two', 'on', '1.7 where two cores are free'),
    ]),
  )
  const [busy, cpu] = [share('busy'), share('cpu')]
  console.log(`The model computes ${busy[0]} of the time (${busy[1]}–${busy[2]}) that there are calls.`)
  console.log(`Its process takes ${cpu[0]} of the processor time of the loop (${cpu[1]}–${cpu[2]}).`)
  const loads = figures.map(({ load }) => load)
  console.log(`Load of the machine before the rounds: ${percentile(loads, 0.5).toFixed(1)} (median)`)
  if (!options.short) console.log(`Raw figures: ${relative('.', fileURLToPath(saveResults({ batching: figures })))}`)
}
