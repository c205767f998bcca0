import { mkdtempSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSQLiteStore } from '../../src/jobs/sqlite/open-sqlite.ts'
import type { StoreThread } from '../../src/jobs/sqlite/store-thread.ts'

/** Whether this version of Node has SQLite: 22.13 and later. */
export const hasSQLite: boolean = isBuiltin('node:sqlite')

/** Threads run what was built. */
const MAIN = new URL('../../dist/sqlite-worker.js', import.meta.url)

const folders: string[] = []

/** The path of a file that does not exist yet, in a new folder. */
export function newSQLiteFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'incant-sqlite-'))
  folders.push(folder)
  return join(folder, 'jobs.db')
}

export function openSQLite(path: string): Promise<StoreThread> {
  return openSQLiteStore(path, MAIN)
}

export function removeSQLiteFiles(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
