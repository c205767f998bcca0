// A bundle beside `incant serve` of the same file: what a start costs, and the memory of all processes once it is ready.
//
//   node bench/bundle.js [rounds]
//
// Needs Linux. CPU time says more than the time that passes where other work goes on.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../examples/serving.js'
import { alignColumns } from './report.js'
import { median } from './statistics.js'

const ROUNDS = Number(process.argv[2] ?? 7)
const COMMAND = fileURLToPath(new URL('../packages/cli/bin/incant.js', import.meta.url))
const PREDICTOR = fileURLToPath(new URL('../examples/blocking/predictor.ts', import.meta.url))
/** A clock tick of /proc, in milliseconds. */
const TICK = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

const folder = mkdtempSync(join(tmpdir(), 'incant-bench-bundle-'))
const subjects = {
  'the file': [COMMAND, 'serve', PREDICTOR],
  'the bundle': [join(folder, 'bundle/server.js')],
}
try {
  execFileSync(process.execPath, [COMMAND, 'build', PREDICTOR, '--out', join(folder, 'bundle')], { stdio: 'ignore' })
  for (const workers of ['1', '0']) await compare(workers)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function compare(workers) {
  const figures = Object.fromEntries(Object.keys(subjects).map(name => [name, []]))
  // The first start of each fills caches.
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, words] of Object.entries(subjects)) {
      const figure = await start([...words, '--workers', workers])
      if (round >= 0) figures[name].push(figure)
    }
  }
  console.log(`--workers ${workers}, medians of ${ROUNDS}`)
  console.log(`${formatFigures(figures)}\n`)
}

function formatFigures(figures) {
  const keys = ['ready', 'cpu', 'memory']
  const rows = Object.entries(figures).map(([name, rounds]) => [
    name,
    ...keys.map(key => median(rounds.map(round => round[key])).toFixed(0)),
  ])
  const [file, bundle] = Object.values(figures)
  const ratios = keys.map(key => median(bundle.map((round, at) => round[key] / file[at][key])).toFixed(2))
  return alignColumns([['', 'ready ms', 'CPU ms', 'PSS MiB'], ...rows, ['ratio', ...ratios]])
}

/** Starts a server, and ends it when it has answered. */
async function start(words) {
  const port = await findFreePort()
  const startedAt = performance.now()
  const server = spawn(process.execPath, [...words, '--port', String(port), '--log-format', 'json'], {
    stdio: 'ignore',
  })
  const exit = once(server, 'exit')
  try {
    while (!(await isReady(port))) {
      if (server.exitCode !== null) throw new Error(`${words.join(' ')} ended with ${server.exitCode}`)
      await sleep(5)
    }
    const ready = performance.now() - startedAt
    const processes = familyOf(server.pid)
    return { ready, cpu: sum(processes.map(cpuOf)), memory: sum(processes.map(memoryOf)) }
  } finally {
    server.kill('SIGKILL')
    await exit
  }
}

async function isReady(port) {
  const response = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined)
  await response?.body?.cancel()
  return response?.status === 200
}

/** A process and those that it has started, and those of these. */
function familyOf(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap(thread =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(familyOf)]
}

/** Milliseconds, of what has ended and was waited for, too: the compiler of types is. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return sum(fields.slice(11, 15).map(Number)) * TICK
}

/** Mebibytes: private memory, and a share of the shared (PSS). */
function memoryOf(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
