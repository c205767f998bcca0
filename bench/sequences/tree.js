import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second in /proc, on every architecture that Node runs on. */
const TICKS = 100

/** Microseconds of processor time that a process and its descendants have used. Linux only. */
export function readTreeCpu(root) {
  const processes = new Map()
  for (const name of readdirSync('/proc')) {
    const process = /^\d+$/.test(name) ? readProcess(name) : undefined
    if (process !== undefined) processes.set(Number(name), process)
  }
  const isInside = pid => pid === root || (processes.has(pid) && isInside(processes.get(pid).parent))
  return [...processes].reduce((sum, [pid, { ticks }]) => (isInside(pid) ? sum + ticks : sum), 0) * (1e6 / TICKS)
}

/** Microseconds of processor time that a process alone has used, all its threads together. Linux only. */
export function readProcessCpu(pid) {
  return (readProcess(pid)?.ticks ?? 0) * (1e6 / TICKS)
}

/** Undefined for one that has just ended. */
function readProcess(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may contain anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return undefined
  }
}
