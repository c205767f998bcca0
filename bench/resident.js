import { readFileSync } from 'node:fs'

/** Resident memory of a process in MiB; 0 where there is no such process any more. */
export function residentMebibytes(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
