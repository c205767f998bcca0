import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readTreeMemory, readTreeRuntime } from '../tree.js'
import { attempt } from './attempt.js'
import { makeFolder } from './folder.js'
import { takeLoad } from './load.js'
import { writeFiles } from './subject.js'

/** Time after the first answer until a server is at rest, in milliseconds. */
const SETTLING = 2000

/** Other processes of Node, which share the pages of its program: with them a server of Node counts for less. */
const OTHERS = 4

/**
 * What a server takes that does nothing: the time until it is ready, that of the first answer, then memory and CPU. One
 * server at a time, each started anew in each round.
 *
 * @param {import('./rows.js').Row} row
 * @param {Record<string, import('./servers.js').Server>} servers
 * @param {{ rounds: number, idle: number }} plan `idle`: for how long its CPU is watched, in milliseconds
 * @returns {Promise<Record<string, { ready: number, answer: number, memory: number, beside: number, idle: number }[]>>} seconds,
 * milliseconds, MiB of PSS, by itself and beside other processes of Node, per cent of a core
 */
export async function measureRest(row, servers, { rounds, idle }) {
  const root = makeFolder()
  const figures = Object.fromEntries(Object.keys(servers).map(name => [name, []]))
  const files = {}
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, server] of Object.entries(servers)) {
      const folder = join(root, name)
      mkdirSync(folder, { recursive: true })
      // The first start finds out what is answered, and what is read from the disk comes into the memory of the machine.
      if (round === -1) files[name] = await attempt(name, () => prepare(server, row, folder))
      if (round === -1 || files[name] === undefined) continue
      const taken = await attempt(name, () => measureStart({ server, row, folder, idle, files: files[name] }))
      if (taken !== undefined) figures[name].push(taken)
    }
  }
  return Object.fromEntries(Object.entries(figures).filter(([, taken]) => taken.length === rounds))
}

async function prepare(server, row, folder) {
  const started = await server.start(row.task, folder)
  try {
    return await writeFiles({ server, url: started.url, row, folder })
  } finally {
    await started.stop()
  }
}

async function measureStart({ server, row, folder, idle, files }) {
  const startedAt = performance.now()
  const { pid, port, stop } = await server.start(row.task, folder)
  const ready = (performance.now() - startedAt) / 1000
  try {
    const { latency } = await takeLoad({ port, connections: 1, milliseconds: 0, ...files })
    await sleep(SETTLING)
    const memory = readTreeMemory(pid)
    const before = readTreeRuntime(pid)
    await sleep(idle)
    const busy = (100 * (readTreeRuntime(pid) - before)) / idle
    const beside = await besideOthers(() => readTreeMemory(pid))
    return { ready, answer: latency.p50, memory, beside, idle: busy }
  } finally {
    await stop()
  }
}

/** Measures something while other processes of Node run, which do nothing. */
async function besideOthers(measure) {
  const others = Array.from({ length: OTHERS }, () =>
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000); console.log("up")'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  )
  try {
    await Promise.all(others.map(({ stdout }) => once(stdout, 'data')))
    return measure()
  } finally {
    for (const other of others) other.kill()
  }
}
