// Bodies within the limits that take long to read or to check: for how long the process with the sockets works on each
// without coming back to its loop, and how long /livez then takes. Fails where one turn takes more than 50 ms of CPU, /livez more
// than 20 ms at p99, or an answer is a 5xx. A virtual machine counts the time that it was kept from its processor as CPU of what ran;
// so a body that takes longer is sent again, up to twice, and the shortest of its turns counts.
// The last class computes for 300 ms in each call, and is asked for its /health, which then says what it knows: within 20 ms, too.
//
// The main thread of the front, and the process that asks, have real-time priority where the system gives that: how long they
// wait for a processor then does not count, and the rest is the time for which the front is held up. Elsewhere, and where a bare
// server takes as long, /livez is compared with that server, and /health with twice its time, since it asks another process.
//
//   node bench/loop.js [--short] [--seed 1] [--only CLASS]
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { generate, KNOWN } from './loop/bodies.js'
import { startServer } from './served.js'
import { percentile } from './statistics.js'

/** Milliseconds of CPU that one turn of the loop may take. */
const LONGEST_TURN = 50

/** How often a body is sent at most. */
const ATTEMPTS = 3

/** Milliseconds that a probe may take at p99. */
const PROBE = 20

/** What a class speaks besides /predict. */
const PROTOCOLS = { Chat: ['openai', 'mcp'], Rows: ['v1', 'v2', 'jobs', 'mcp'] }

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
const generated = generate(options.short ? 3 : 20, Number(options.seed))
const turns = new URL('./loop/turns.js', import.meta.url).href
const asker = fork(fileURLToPath(new URL('./loop/livez.js', import.meta.url)))
const isRealtime = prioritize(asker.pid, ['--all-tasks'])
const failures = []
/** Milliseconds that each answer took, of all classes together: of one there are too few on a busy machine. */
const asked = { livez: [], health: [], bare: [] }
let longest = 0
try {
  for (const name of Object.keys(KNOWN)) {
    if (options.only === undefined || options.only === name) await measure(name)
  }
} finally {
  asker.kill()
}
const [livez, health, control] = ['livez', 'health', 'bare'].map(path => percentile(asked[path], 0.99))
// A machine on which nothing answers in that time says nothing of this server alone.
const disturbance = isRealtime && control <= PROBE ? 0 : control
if (livez - disturbance > PROBE) failures.push('/livez')
// It asks another process, which waits for a processor as the bare server does.
if (asked.health.length > 0 && health - 2 * disturbance > PROBE) failures.push('/health')
console.log(`${isRealtime ? 'at real-time priority' : 'without priority'}: ${describe(asked)}`)
console.log(`longest turn ${longest.toFixed(1)} ms; ${failures.length} failed`)
for (const failure of failures) console.log(`FAILED ${failure}`)
process.exitCode = failures.length > 0 ? 1 : 0

/** Sends the bodies of one class, one after the other, while the server is asked whether it lives. */
async function measure(name) {
  const server = await startServer(
    'loop/predictors.ts',
    ['--class-name', name, ...(PROTOCOLS[name] ?? []).flatMap(protocol => ['--protocol', protocol])],
    ['--import', turns],
  )
  if (isRealtime) prioritize(server.pid)
  try {
    // What is loaded and compiled at the first calls is not what is asked about.
    for (const body of KNOWN[name].slice(0, 2)) await post(server.url, body)
    await ask(server)
    asker.send({ url: server.url, health: name === 'Computes' })
    for (const body of [...KNOWN[name], ...(generated[name] ?? [])]) await send(name, server, body)
    asker.send({})
    const [taken] = await once(asker, 'message')
    console.log(`${name}: ${describe(taken)}`)
    for (const [path, times] of Object.entries(taken)) asked[path].push(...times)
  } finally {
    await server.stop()
  }
}

/** Gives the main thread of a process real-time priority, which its children do not inherit. Whether the system does. */
function prioritize(pid, flags = []) {
  const parameters = [...flags, '--reset-on-fork', '--rr', '--pid', '1', String(pid)]
  return spawnSync('chrt', parameters, { stdio: 'ignore' }).status === 0
}

function describe({ livez, health, bare }) {
  const shown = { '/livez': livez, '/health': health, 'a bare server': bare }
  const known = Object.entries(shown).filter(([, times]) => times.length > 0)
  return `p99 of ${known.map(([name, times]) => `${name} ${percentile(times, 0.99).toFixed(1)} ms (${times.length})`).join(', ')}`
}

async function send(name, server, body) {
  let turn = Number.POSITIVE_INFINITY
  let status
  for (let attempt = 0; attempt < ATTEMPTS && turn > LONGEST_TURN; attempt += 1) {
    const sentAt = performance.now()
    status = await post(server.url, body)
    const took = performance.now() - sentAt
    const taken = await ask(server)
    turn = Math.min(turn, taken)
    const size = `${(body.body.length / 1024 ** 2).toFixed(1)} MiB`
    console.log(
      `${name}  ${taken.toFixed(1).padStart(7)} ms  ${status}  ${took.toFixed(0).padStart(5)} ms  ${size}  ${body.name}`,
    )
  }
  longest = Math.max(longest, turn)
  if (turn > LONGEST_TURN) failures.push(`${name}, ${body.name}: a turn of ${turn.toFixed(1)} ms`)
  if (body.status !== undefined && status !== body.status) failures.push(`${name}, ${body.name}: ${status}`)
  if (status >= 500) failures.push(`${name}, ${body.name}: ${status}`)
}

/** The longest turn since the last time. */
async function ask({ child }) {
  child.send('read')
  const [turn] = await once(child, 'message')
  return turn
}

function post(url, { type, body, path = '/predict' }) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': body.length }
    const sent = request(`${url}${path}`, { method: 'POST', headers, agent: false }, response => {
      response.resume().on('close', () => resolve(response.statusCode))
    })
    sent.on('error', reject).end(body)
  })
}
