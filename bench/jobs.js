// Jobs a second on each store, and what ten thousand that wait cost calls and memory:
//
//   node bench/jobs.js [--short]
//
// SQLite needs Node 22.13; PostgreSQL is measured where it is installed and Node reads TypeScript (22.18), and makes its
// cluster in a temporary folder. Fails where a job is not done; --short measures few jobs and no queue.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { alignColumns } from './report.js'
import { startServer } from './served.js'
import { median, percentile } from './statistics.js'

const isShort = process.argv.includes('--short')
const JOBS = isShort ? 100 : 1000
const ROUNDS = isShort ? 1 : 5
const QUEUED = 10_000
const CALLS = 1000
const CALL_ROUNDS = 15
const CALLERS = 16

const folder = mkdtempSync(join(tmpdir(), 'incant-bench-jobs-'))
const postgres = await findPostgres()
// A bench that is ended leaves no database behind.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void postgres?.remove())
let places = 0
const STORES = {
  memory: async () => 'memory',
  ...(isBuiltin('node:sqlite') && { SQLite: async () => join(folder, `${++places}.db`) }),
  ...(postgres && { PostgreSQL: () => postgres.createDatabase(`bench_${++places}`) }),
}
try {
  await compareStores()
  if (!isShort) for (const name of Object.keys(STORES)) await measureQueue(name)
} finally {
  await postgres?.remove()
  rmSync(folder, { recursive: true })
}

/** They are loaded in turn, so that what else the machine does meets them alike. */
async function compareStores() {
  const stores = []
  for (const [name, open] of Object.entries(STORES)) stores.push({ name, ...(await serve(await open())), rates: [] })
  try {
    for (const { url } of stores) await runJobs(url, 50)
    for (let round = 0; round < ROUNDS; round += 1)
      for (const { url, rates } of stores) rates.push(await runJobs(url, JOBS))
  } finally {
    for (const { stop } of stores) await stop()
  }
  const rows = stores.map(({ name, rates }) => {
    const ratio = median(rates.map((rate, round) => rate / stores[0].rates[round]))
    return [name, median(rates).toFixed(0), ratio.toFixed(2)]
  })
  console.log(alignColumns([['', 'jobs/s', 'ratio'], ...rows]))
}

function serve(place, words = ['jobs/quick.ts']) {
  const [first, ...others] = words
  const own = ['--protocol', 'jobs', '--jobs-store', place, '--log-level', 'info', '--log-rate', '1']
  return startServer(first, [...others, ...own])
}

/** Jobs a second, from the first submission to the last end. */
async function runJobs(url, count) {
  const begun = performance.now()
  const ids = []
  await inParallel(count, async () => ids.push(await submit(url, {})))
  for (const id of ids) {
    const { status, output } = await (await fetch(`${url}/predictions/${id}?wait=30`)).json()
    if (status !== 'succeeded' || output.length !== 5) throw new Error(`a job has ended as ${status}`)
  }
  return count / ((performance.now() - begun) / 1000)
}

async function submit(url, members) {
  const response = await fetch(`${url}/predictions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ input: { text: 'hello' }, ...members }),
  })
  const { id, title } = await response.json()
  if (response.status !== 202) throw new Error(`a job was answered with ${response.status}: ${title}`)
  return id
}

/** Calls of one model while jobs of another one wait, beside a server where none do. */
async function measureQueue(name) {
  const models = ['jobs/quick.ts', `held=${new URL('jobs/held.ts', import.meta.url).pathname}`]
  const [idle, full] = [await serve(await STORES[name](), models), await serve(await STORES[name](), models)]
  try {
    for (const { url } of [idle, full]) await call(url, 4 * CALLS)
    // The first half warms the server up, which takes more memory than what is kept of a job.
    await inParallel(QUEUED / 2, () => submit(full.url, { model: 'held' }))
    const before = residentOf(full.pid)
    await inParallel(QUEUED / 2, () => submit(full.url, { model: 'held' }))
    await sleep(3000)
    const grown = residentOf(full.pid) - before
    const ratios = []
    for (let round = 0; round < CALL_ROUNDS; round += 1) {
      const order = round % 2 === 0 ? [idle, full] : [full, idle]
      const times = new Map()
      for (const server of order) times.set(server, await call(server.url, CALLS))
      ratios.push(times.get(full) / times.get(idle))
    }
    const [lower, ratio, upper] = [0.25, 0.5, 0.75].map(part => percentile(ratios, part).toFixed(2))
    console.log(
      `${name}, ${QUEUED} jobs wait: p99 of calls ${ratio} (${lower}–${upper}), memory +${grown.toFixed(0)} MiB for the second half`,
    )
  } finally {
    for (const { stop } of [idle, full]) await stop()
  }
}

/** The 99th percentile of the time of calls, in milliseconds. */
async function call(url, count) {
  const times = []
  await inParallel(count, async () => {
    const begun = performance.now()
    const response = await fetch(`${url}/models/quick/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"hello"}',
    })
    if ((await response.text()) !== '{"length":5}') throw new Error(`a call was answered with ${response.status}`)
    times.push(performance.now() - begun)
  })
  return percentile(times, 0.99)
}

/** Mebibytes. */
function residentOf(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
}

async function inParallel(count, work) {
  let left = count
  const next = async () => {
    while (left-- > 0) await work()
  }
  await Promise.all(Array.from({ length: CALLERS }, next))
}

async function findPostgres() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (isShort || major < 22 || (major === 22 && minor < 18)) return undefined
  const { hasPostgres, startPostgres } = await import('../packages/incant/test/jobs/_postgres.ts')
  return hasPostgres ? startPostgres() : undefined
}
