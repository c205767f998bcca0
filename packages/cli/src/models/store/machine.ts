import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** One process, in a way that no later process with its number is taken for it. */
export interface ProcessIdentity {
  /** The host, its boot and the namespace of its processes: where the number has a meaning. */
  readonly machine: string
  readonly pid: number
  /** When it started, in the system's own unit; empty where the system does not say. */
  readonly started: string
}

/** This process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return { machine: await thisMachine(), pid: process.pid, started: (await readStart(process.pid)) ?? '' }
}

/** Whether a process runs. One of another machine cannot be seen from here, and counts as running. */
export async function isRunning({ machine, pid, started }: ProcessIdentity): Promise<boolean> {
  const here = await thisMachine()
  if (machine !== here) return hostOf(machine) !== hostOf(here) || bootOf(machine) === bootOf(here)
  if (!hasProcess(pid)) return false
  const now = await readStart(pid)
  return now === undefined || started === '' || now === started
}

async function thisMachine(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '')
  return [hostname(), boot.trim(), namespace].join(' ')
}

function hostOf(machine: string): string | undefined {
  return machine.split(' ')[0]
}

/** A host that has booted since runs none of the processes that it ran. */
function bootOf(machine: string): string | undefined {
  return machine.split(' ')[1]
}

/** Field 22 of `/proc/PID/stat`. The second field is a name in brackets, which may contain anything. */
async function readStart(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19]
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    // A process of another user may not be asked, and runs.
    return Reflect.get(Object(thrown), 'code') === 'EPERM'
  }
}
