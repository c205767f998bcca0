// A predictor in `for(;;)`: whether the server answers as if nothing were, in what time, and what becomes of the call, of
// the others and of the process. Fails on answers that are wrong, and where /livez takes many times what it should.
//
//   node bench/blocking.js [--short]
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startServer } from './served.js'
import { percentile } from './statistics.js'

/** What /livez is to answer in at p99, in milliseconds, and how much more a machine that does other things may need. */
const WANTED = 20
const MARGIN = 25

const DEADLINE = 2000
const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const rounds = options.short ? 1 : 5

const flags = ['--workers', '2', '--request-timeout', `${DEADLINE}ms`, '--hang-timeout', '500ms', '--health-details']
const server = await startServer('blocking/predictor.ts', flags)
const livez = []
const others = []
const deadlines = []
const replaced = []
const wrong = []
try {
  // What compiles at the first call is not what is asked about.
  for (let call = 0; call < 20; call += 1) await Promise.all([predict(false), fetch(`${server.url}/livez`)])
  for (let round = 0; round < rounds; round += 1) await runRound(round)
} finally {
  await server.stop()
}
report()

/** One call that never ends; meanwhile the server is asked whether it lives, and others call. */
async function runRound(round) {
  const startedAt = performance.now()
  let looping = true
  const looped = predict(true).then(({ status, milliseconds }) => {
    looping = false
    deadlines.push(milliseconds)
    if (status !== 504) wrong.push(`${status} for the call that loops`)
  })
  const calls = []
  while (looping) {
    calls.push(predict(false))
    livez.push(await timed(() => fetch(`${server.url}/livez`), 200))
    await sleep(10)
  }
  await looped
  for (const { status, milliseconds } of await Promise.all(calls)) {
    others.push(milliseconds)
    if (status !== 200) wrong.push(`${status} for another call`)
  }
  await untilReplaced(round + 1)
  replaced.push(performance.now() - startedAt - deadlines.at(-1))
}

async function predict(loop) {
  const sentAt = performance.now()
  const response = await fetch(`${server.url}/predict`, { method: 'POST', body: JSON.stringify({ loop }) })
  await response.arrayBuffer()
  return { status: response.status, milliseconds: performance.now() - sentAt }
}

async function timed(ask, status) {
  const sentAt = performance.now()
  const response = await ask()
  await response.arrayBuffer()
  if (response.status !== status) wrong.push(`${response.status} from /livez`)
  return performance.now() - sentAt
}

async function untilReplaced(times) {
  for (;;) {
    const { engine } = await (await fetch(`${server.url}/health`)).json()
    if (engine.restarts.hang === times && engine.replicas.filter(({ ready }) => ready).length === 2) return
    await sleep(20)
  }
}

function report() {
  const of = values => [0.5, 0.99].map(part => percentile(values, part).toFixed(1)).join(' and ')
  const p99 = percentile(livez, 0.99)
  console.log(
    `/livez while predict loops: p50 and p99 ${of(livez)} ms of ${livez.length} (wanted: p99 below ${WANTED})`,
  )
  console.log(`the call that loops: 504 after ${deadlines.map(time => time.toFixed(0)).join(', ')} ms of ${DEADLINE}`)
  console.log(`other calls: ${others.length}, p50 and p99 ${of(others)} ms`)
  console.log(`two processes again ${replaced.map(time => time.toFixed(0)).join(', ')} ms after that`)
  console.log(
    `load of the machine: ${loadavg()[0].toFixed(1)}; wrong: ${wrong.length === 0 ? 'nothing' : wrong.join(', ')}`,
  )
  if (wrong.length > 0 || p99 > WANTED * MARGIN) process.exitCode = 1
}
