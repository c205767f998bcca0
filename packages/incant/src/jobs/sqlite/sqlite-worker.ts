import { parentPort, workerData } from 'node:worker_threads'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { StartupError, type StartupProblem } from '../../errors/startup-error.ts'
import { prepareTables } from '../sql/schema.ts'
import { SQLStore } from '../sql/sql-store.ts'
import { type JobStore, StoreUnavailable } from '../store.ts'
import { SQLiteDatabase } from './sqlite-database.ts'
import { loadSQLite } from './sqlite-module.ts'
import type { StoreReply, StoreRequest, ThreadData } from './thread-messages.ts'

// What store-thread.ts gives.
const { path, name } = workerData as ThreadData

/** Node 22 and 24 say of `node:sqlite` that it may change, once a process. */
process.removeAllListeners('warning')

async function open(): Promise<SQLStore> {
  const database = new SQLiteDatabase(await loadSQLite(), path, name)
  try {
    await prepareTables(database)
    return new SQLStore(database)
  } catch (thrown) {
    await database.close()
    throw thrown
  }
}

function say(reply: StoreReply): void {
  parentPort?.postMessage(reply)
}

async function work(store: JobStore, { call, method, parameters }: StoreRequest): Promise<void> {
  try {
    // The caller's types are those of the method.
    const done = store[method] as (...given: readonly unknown[]) => Promise<unknown>
    say({ kind: 'done', call, value: await done.apply(store, [...parameters]) })
  } catch (thrown) {
    const isAway = thrown instanceof StoreUnavailable
    const { message } = describeThrown(isAway ? thrown.cause : thrown)
    say({ kind: 'failed', call, isAway, reason: message })
  }
  if (method === 'close') parentPort?.close()
}

function refusalOf(thrown: unknown): StartupProblem {
  if (StartupError.is(thrown)) return { ...thrown.problems[0], code: thrown.code, found: thrown.found }
  const { message } = describeThrown(thrown instanceof StoreUnavailable ? thrown.cause : thrown)
  return {
    code: 'jobs_store',
    found: `the store of jobs ${name} cannot be opened: ${message}`,
    instead: 'Give --jobs-store the path of a file that Incant has made, or of one that does not exist.',
  }
}

open().then(
  store => {
    store.watch(change => say({ kind: 'changed', change }))
    parentPort?.on('message', (request: StoreRequest) => void work(store, request))
    say({ kind: 'open' })
  },
  thrown => say({ kind: 'refused', problem: refusalOf(thrown) }),
)
