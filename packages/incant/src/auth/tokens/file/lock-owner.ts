import { fileSystem, operatingSystem } from '../../../files/node-modules.ts'
import { randomBase62 } from '../base62.ts'

/** The content of a lock: `<process> <random> <machine>`, one line. */
export function nameOwner(): string {
  return `${globalThis.process?.pid} ${randomBase62(20)} ${machine()}\n`
}

/**
 * Whether the process that a lock names is gone, as far as can be known here: the state of a process on another
 * machine, or in a container with process ids of its own, is unknown.
 */
export function isDead(owner: string): boolean {
  const [pid, , place] = owner.trim().split(' ')
  if (place === undefined || place !== machine() || !/^[1-9]\d*$/.test(pid ?? '')) return false
  try {
    // Signal 0 is none: it only asks.
    globalThis.process?.kill(Number(pid), 0)
    return false
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH'
  }
}

/** Where process ids mean the same as here: this machine since it was started, and on Linux this namespace of ids. */
function machine(): string {
  const { readFileSync, readlinkSync } = fileSystem()
  const parts = [
    () => operatingSystem().hostname(),
    () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    () => readlinkSync('/proc/self/ns/pid'),
  ]
  return parts.map(read => attempt(read).replaceAll(/\s/g, '_')).join('/')
}

/** Empty if the system does not have it. */
function attempt(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
