// Ten models in one server: what eight of them notice of one that crashes in a loop and one that blocks.
//
//   node bench/models.js [--short]
//
// The eight wait 20 ms for each call and have two callers each. Rounds with calls of the other two and rounds without take
// turns, so that other load on the machine affects both alike. The result is the ratio of their p99.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startServer } from './served.js'
import { percentile } from './statistics.js'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const PAIRS = options.short ? 8 : 30
const ROUND = 1000
const CALLERS = 2
/** A busy machine is no fault of the server: this is what a model that held up the others would exceed many times over. */
const LIMIT = 3

const pathOf = name => fileURLToPath(new URL(`models/${name}.js`, import.meta.url))
const NAMES = ['waiting', ...Array.from({ length: 7 }, (_, index) => `waiting-${index + 2}`)]
const words = NAMES.slice(1).map(name => `${name}=${pathOf('waiting')}`)
const server = await startServer('models/waiting.js', [...words, pathOf('crashing'), pathOf('blocking')])
const { port } = new URL(server.url)
const agent = new Agent({ keepAlive: true, maxSockets: 512 })
let wrong = 0

try {
  await measure()
  // The first deaths come quickly, each followed by a new process; from the fifth on one comes every half minute.
  for (let round = 0; round < 3; round += 1) await disturbed()
  const pairs = []
  for (let pair = 0; pair < PAIRS; pair += 1) pairs.push(await measurePair(pair % 2 === 0))
  report(pairs)
} finally {
  agent.destroy()
  await server.stop()
}

async function measurePair(aloneFirst) {
  if (aloneFirst) {
    const alone = await measure()
    return { alone, together: await disturbed() }
  }
  const together = await disturbed()
  return { alone: await measure(), together }
}

/** Milliseconds that calls of the eight took in one round. */
async function measure() {
  const taken = []
  const until = performance.now() + ROUND
  const callers = NAMES.flatMap(name => Array.from({ length: CALLERS }, () => callUntil(until, name, taken)))
  await Promise.all(callers)
  return taken
}

async function callUntil(until, name, taken) {
  while (performance.now() < until) {
    const { status, milliseconds } = await call(name)
    if (status === 200) taken.push(milliseconds)
    else wrong += 1
  }
}

/** A round beside calls of the two others, which go on until it is over. */
async function disturbed() {
  let isOver = false
  const trouble = async name => {
    while (!isOver) {
      await call(name)
      await sleep(20)
    }
  }
  const troubles = ['crashing', 'blocking', 'blocking'].map(trouble)
  const taken = await measure()
  isOver = true
  await Promise.all(troubles)
  return taken
}

function call(name) {
  const sentAt = performance.now()
  return new Promise(resolve => {
    const asked = request({ agent, port, path: `/models/${name}/predict`, method: 'POST' }, response => {
      response.resume()
      response.on('close', () => resolve({ status: response.statusCode, milliseconds: performance.now() - sentAt }))
    })
    asked.on('error', () => resolve({ status: 0 }))
    asked.end('{}')
  })
}

function report(pairs) {
  const [alone, together] = ['alone', 'together'].map(key => pairs.flatMap(pair => pair[key]))
  for (const [name, taken] of Object.entries({ alone, together })) {
    const [p50, p99] = [0.5, 0.99].map(part => percentile(taken, part).toFixed(1))
    console.log(`${name}: ${taken.length} calls of eight models, p50 ${p50} ms, p99 ${p99} ms`)
  }
  const ratio = percentile(together, 0.99) / percentile(alone, 0.99)
  console.log(`p99 beside one that crashes and one that blocks: ${ratio.toFixed(2)} of alone`)
  console.log(`not answered with 200: ${wrong}`)
  if (wrong === 0 && ratio <= LIMIT) return
  console.error(`The others were held up: more than ${LIMIT}, or a call of theirs that failed.`)
  process.exitCode = 1
}
