// A mixed load for a long time, and what becomes of memory: payloads, streams, uploads, callers that leave, deadlines,
// errors, reloads. Fails on answers that are wrong and where a call is left over at the end; what a slope means is for
// the reader to say.
//
//   node bench/soak.js [minutes]      30
import { setTimeout as sleep } from 'node:timers/promises'
import { alignColumns, saveResults } from './report.js'
import { residentMebibytes } from './resident.js'
import { startServer } from './served.js'
import { callUntil } from './soak/callers.js'

const MINUTES = Number(process.argv[2] ?? 30)
const RELOAD_EVERY = 60_000
const LOOK_EVERY = Math.max(5000, (MINUTES * 60_000) / 60)

const flags = ['--workers', '2', '--health-details', '--queue', '1000']
const servers = {
  mixed: await serve('default', '5s'),
  uploads: await serve('Uploads', '10s'),
}
const urls = { mixed: servers.mixed.url, uploads: servers.uploads.url }
const samples = []
const stop = new AbortController()
try {
  const calls = callUntil(stop.signal, urls)
  await watch()
  stop.abort()
  report(await calls, await findLeftovers())
} finally {
  stop.abort()
  await Promise.all(Object.values(servers).map(server => server.stop()))
}

function serve(className, deadline) {
  return startServer('soak/predictor.ts', [...flags, '--class-name', className, '--request-timeout', deadline])
}

/** Looks at the memory from time to time, and gives the first server new code each minute. */
async function watch() {
  const startedAt = performance.now()
  let reloadAt = RELOAD_EVERY
  for (let elapsed = 0; elapsed < MINUTES * 60_000; elapsed = performance.now() - startedAt) {
    await sleep(LOOK_EVERY)
    const minute = (performance.now() - startedAt) / 60_000
    samples.push({ minute, ...(await measure()) })
    console.log(formatSample(samples.at(-1)))
    if (elapsed < reloadAt) continue
    process.kill(servers.mixed.pid, 'SIGHUP')
    reloadAt += RELOAD_EVERY
  }
}

async function measure() {
  const sizes = {}
  for (const [name, { url, pid }] of Object.entries(servers)) {
    const { replicas } = await readEngine(url)
    sizes[`${name} front`] = residentMebibytes(pid)
    sizes[`${name} replicas`] = replicas.reduce((sum, replica) => sum + residentMebibytes(replica.pid), 0)
  }
  return sizes
}

async function readEngine(url) {
  return (await (await fetch(`${url}/health`)).json()).engine
}

/** Calls that are still there when nobody calls any more. */
async function findLeftovers() {
  // Those whose callers have left may still compute.
  await sleep(5000)
  const engines = await Promise.all(Object.values(urls).map(readEngine))
  return engines.reduce((sum, { running, waiting }) => sum + running + waiting, 0)
}

function formatSample({ minute, ...sizes }) {
  const each = Object.entries(sizes).map(([name, size]) => `${name} ${size.toFixed(0)} MiB`)
  return `${minute.toFixed(1)} min  ${each.join('  ')}`
}

function report(outcomes, leftovers) {
  const rows = [...outcomes].sort().map(([what, times]) => [what, String(times)])
  console.log(`\n${alignColumns([['answers', 'times'], ...rows])}\n`)
  // The first third is the caches' and the compiler's.
  const settled = samples.slice(Math.floor(samples.length / 3))
  const { minute: _, ...names } = samples[0]
  const slopes = Object.keys(names).map(name => [name, slopeOf(settled, name).toFixed(3)])
  console.log(alignColumns([['memory after the first third', 'MiB a minute'], ...slopes]))
  console.log(`calls left over: ${leftovers}`)
  saveResults({ soak: { minutes: MINUTES, samples, outcomes: Object.fromEntries(outcomes), leftovers } })
  if (leftovers > 0 || [...outcomes.keys()].some(key => key.endsWith('(wrong)'))) process.exitCode = 1
}

/** The slope of the straight line that fits best. */
function slopeOf(all, name) {
  const mean = key => all.reduce((sum, sample) => sum + sample[key], 0) / all.length
  const [middle, height] = [mean('minute'), mean(name)]
  const across = all.reduce((sum, { minute }) => sum + (minute - middle) ** 2, 0)
  return all.reduce((sum, sample) => sum + (sample.minute - middle) * (sample[name] - height), 0) / across
}
