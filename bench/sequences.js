// What continuous batching gives: examples/char-lm with 32 callers, next to a generator for each caller and, with
// --litserve, to LitServe's continuous batching; the same model, runtime and number of threads. All run side by side and are
// loaded in turn.
//
//   node bench/sequences.js               about a minute
//   node bench/sequences.js --litserve    also LitServe, installed from PyPI into bench/sequences/.python
//   node bench/sequences.js --short       seconds; fails where sequences are not computed together, or newcomers wait
import { Agent } from 'node:http'
import { loadavg } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installWhenStale } from '../scripts/setup/install.js'
import { alignColumns, saveResults } from './report.js'
import { startLitServe } from './sequences/litserve.js'
import { readLines } from './sequences/read-lines.js'
import { startServer } from './served.js'
import { median, percentile } from './statistics.js'
import { readTreeCpu } from './tree.js'

const CALLERS = 32
const NAMES = {
  together: 'sequences, computed together',
  generators: 'a generator for each caller',
  litserve: 'LitServe, continuous batching',
}
/** Steps within which a newcomer has its first character. */
const FIRST_STEPS = 2
/** What --short asks for: half of what is measured, since a machine that does other things computes batches worse. */
const LEAST = 2.5

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, litserve: { type: 'boolean', default: false } },
})
/** Each caller has `texts` texts written in a round, one after the other, so that newcomers come among the others. */
const { rounds, texts, length } = options.short
  ? { rounds: 3, texts: 2, length: 200 }
  : { rounds: 9, texts: 4, length: 400 }

installWhenStale(fileURLToPath(new URL('../examples/char-lm', import.meta.url)), { ONNXRUNTIME_NODE_INSTALL: 'skip' })
const servers = {}
try {
  // As many calls at once as there are callers, for each of them.
  servers.together = await startServer('sequences/predictor.ts', ['--concurrency', '64'])
  servers.generators = await startServer('sequences/generators.ts', ['--concurrency', '64'])
  if (options.litserve) servers.litserve = await startLitServe()
  const load = loadavg()[0]
  const figures = await measure()
  const { firsts } = await (await fetch(`${servers.together.url}/health`)).json()
  report({ load, figures, firsts })
  check({ figures, firsts })
} finally {
  await Promise.all(Object.values(servers).map(server => server.stop()))
}

/** @returns {Promise<Record<string, { perSecond: number, cpu: number, first: number }>[]>} by round */
async function measure() {
  const figures = []
  for (let round = -1; round < rounds; round += 1) {
    const measured = {}
    // Every second time the other way round.
    const names = round % 2 === 0 ? Object.keys(servers) : Object.keys(servers).toReversed()
    for (const name of names) measured[name] = await takeLoad(servers[name])
    // The first round warms up.
    if (round >= 0) figures.push(measured)
  }
  return figures
}

async function takeLoad({ url, pid }) {
  // Of this load alone: a server may close what nobody has used since the last.
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS })
  const before = readTreeCpu(pid)
  const startedAt = performance.now()
  const firsts = []
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    for (let text = 0; text < texts; text += 1) {
      const payload = { prompt: 'Call me', length, seed: 1 + caller * texts + text }
      firsts.push((await readLines(`${url}/predict`, payload, agent)).first)
    }
  })
  await Promise.all(callers)
  agent.destroy()
  const characters = CALLERS * texts * length
  return {
    perSecond: characters / ((performance.now() - startedAt) / 1000),
    cpu: (readTreeCpu(pid) - before) / characters,
    first: median(firsts),
  }
}

function report({ load, figures, firsts }) {
  console.log(`examples/char-lm, ${CALLERS} callers, medians of ${rounds} rounds; ratios are taken round by round`)
  const rows = Object.keys(servers).map(name => [
    NAMES[name],
    median(figures.map(round => round[name].perSecond)).toFixed(0),
    median(figures.map(round => round[name].cpu)).toFixed(1),
    median(figures.map(round => round[name].first)).toFixed(1),
    ...(name === 'together'
      ? ['', '']
      : [describe(ratios(figures, name, 'perSecond')), describe(ratios(figures, name, 'cpu'))]),
  ])
  const header = ['', 'characters/s', 'CPU µs/character', 'first, ms', 'together, of its characters/s', 'of its CPU']
  console.log(alignColumns([header, ...rows]))
  console.log(
    `A newcomer has its first character after ${median(firsts)} steps (median), ${Math.max(...firsts)} at most`,
  )
  console.log(`Load of the machine: ${load.toFixed(1)}`)
  if (!options.short)
    console.log(`Raw figures: ${relative('.', fileURLToPath(saveResults({ sequences: { load, figures, firsts } })))}`)
}

/** How many times better the sequences are that are computed together, round by round. */
function ratios(figures, name, key) {
  return figures.map(({ together, [name]: other }) =>
    key === 'cpu' ? other.cpu / together.cpu : together[key] / other[key],
  )
}

function describe(values) {
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map(part => percentile(values, part).toFixed(1))
  return `${middle} (${lower}–${upper})`
}

/** Fails on what no busy machine excuses. */
function check({ figures, firsts }) {
  if (Math.max(...firsts) > FIRST_STEPS) throw new Error(`A newcomer waited ${Math.max(...firsts)} steps.`)
  const gained = Math.max(...ratios(figures, 'generators', 'cpu'))
  if (gained < LEAST)
    throw new Error(`Computed together, a character takes ${gained.toFixed(1)} times less: too little.`)
}
