import { Worker } from 'node:worker_threads'

/** A thread that reads types. It serves one reading; the end of the process ends it. */
export interface TypesThread {
  readonly worker: Worker
  /** Rejects when the thread fails, also before anybody waits for it. */
  readonly failed: Promise<never>
}

let early: TypesThread | undefined

/** Starts a thread ahead of its use, so that it loads the compiler while this one loads everything else. */
export function startTypesThread(): void {
  early = createThread()
}

/** The thread that was started early, or a new one. */
export function takeTypesThread(): TypesThread {
  const taken = early ?? createThread()
  early = undefined
  return taken
}

function createThread(): TypesThread {
  const worker = new Worker(new URL('./types-worker.js', import.meta.url))
  const failed = new Promise<never>((_resolve, reject) => worker.once('error', reject))
  failed.catch(() => {})
  return { worker, failed }
}
