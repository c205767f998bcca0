import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { MANIFEST } from './manifest.ts'

/**
 * Puts a finished bundle in the place of an earlier one. Node has no call by which two folders change places in one step, so the earlier one
 * has a name in between, under which `incant serve` and {@link restoreFolder} find it.
 */
export function replaceFolder(fresh: string, out: string): void {
  const previous = previousOf(out)
  rmSync(previous, { recursive: true, force: true })
  if (existsSync(out)) renameSync(out, previous)
  renameSync(fresh, out)
  rmSync(previous, { recursive: true, force: true })
}

/**
 * Puts the earlier bundle back where the process died before the new one was in its place, and takes it away where it died after
 * that.
 */
export function restoreFolder(out: string): void {
  const previous = previousOf(out)
  if (!existsSync(join(previous, MANIFEST))) return
  if (existsSync(out)) rmSync(previous, { recursive: true, force: true })
  else renameSync(previous, out)
}

/** The name of an earlier bundle while a new one takes its place. */
export function previousOf(out: string): string {
  return `${out}.previous`
}
