import { closeSync, openSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, resolve } from 'node:path'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { StartupError } from '../../errors/startup-error.ts'
import { StoreThread } from './store-thread.ts'

/**
 * Opens a store of jobs in a file of SQLite, which it makes, for its user alone, where there is none.
 *
 * @param path - Relative to the current folder.
 * @param main - The main module of its thread.
 * @throws {StartupError} `jobs_store`
 */
export async function openSQLiteStore(path: string, main?: URL): Promise<StoreThread> {
  if (!isBuiltin('node:sqlite')) throw noSQLite()
  const full = resolve(path)
  makeFile(full, path)
  const store = new StoreThread({ path: full, name: path }, main)
  try {
    await store.open()
    return store
  } catch (thrown) {
    await store.close()
    throw thrown
  }
}

/** SQLite gives the files beside it the mode of this one. */
function makeFile(full: string, path: string): void {
  try {
    if (statSync(full, { throwIfNoEntry: false })?.isDirectory() === true) throw cannotOpen(path, 'it is a folder')
    closeSync(openSync(full, 'a', 0o600))
  } catch (thrown) {
    if (StartupError.is(thrown)) throw thrown
    const isAbsent = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
    throw cannotOpen(path, isAbsent ? `there is no folder ${dirname(full)}` : describeThrown(thrown).message)
  }
}

function cannotOpen(path: string, reason: string): StartupError {
  return new StartupError({
    code: 'jobs_store',
    found: `the store of jobs ${path} cannot be opened: ${reason}`,
    instead: 'Give --jobs-store the path of a file, in a folder that exists and that the server may write.',
  })
}

function noSQLite(): StartupError {
  return new StartupError({
    code: 'jobs_store',
    found: `a store of jobs in a file needs SQLite, which is not in Node ${process.versions.node}`,
    instead: 'Run the server with Node 22.13 or later, or use --jobs-store postgres://USER:PASSWORD@HOST/DATABASE.',
  })
}
