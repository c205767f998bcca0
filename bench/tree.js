import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second in /proc, on every architecture that Node runs on. */
const TICKS = 100

/** Microseconds of processor time that a process and its descendants have used. Linux only. */
export function readTreeCpu(root) {
  return readTree(root).reduce((sum, { ticks }) => sum + ticks, 0) * (1e6 / TICKS)
}

/**
 * Milliseconds for which the threads of a process and of its descendants have been on a processor. Exact, where CPU time is
 * counted in hundredths of a second; without the threads that have ended. Linux only.
 */
export function readTreeRuntime(root) {
  const tasks = readTree(root).flatMap(({ pid }) => listTasks(pid))
  return tasks.reduce((sum, task) => sum + Number(readOrEmpty(`${task}/schedstat`).split(' ')[0]), 0) / 1e6
}

/** Microseconds of processor time that a process alone has used, all its threads together. Linux only. */
export function readProcessCpu(pid) {
  return (readProcess(pid)?.ticks ?? 0) * (1e6 / TICKS)
}

/**
 * Memory of a process and its descendants in MiB, as PSS: what several processes share is divided among them, so the sum
 * counts it once. Linux only.
 */
export function readTreeMemory(root) {
  return readTree(root).reduce((sum, { pid }) => sum + readProportionalSize(pid), 0) / 1024
}

/** A process and its descendants. */
export function readTree(root) {
  const processes = new Map()
  for (const name of readdirSync('/proc')) {
    const process = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined
    if (process !== undefined) processes.set(process.pid, process)
  }
  const isInside = pid => pid === root || (processes.has(pid) && isInside(processes.get(pid).parent))
  return [...processes.values()].filter(({ pid }) => isInside(pid))
}

/** Undefined for one that has just ended. */
function readProcess(pid) {
  const text = readOrEmpty(`/proc/${pid}/stat`)
  if (text === '') return undefined
  // The name, in parentheses, may contain anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { pid, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
}

/** KiB. */
function readProportionalSize(pid) {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

function listTasks(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).map(task => `/proc/${pid}/task/${task}`)
  } catch {
    return []
  }
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
