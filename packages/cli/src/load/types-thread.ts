import { Worker } from 'node:worker_threads'

let early: Worker | undefined

/**
 * Starts the thread that reads types ahead of its use, so that it loads the compiler while this thread loads everything
 * else. The end of the process ends it.
 */
export function startTypesThread(): void {
  early = createThread()
}

/** The thread that was started early, or a new one. It serves one reading. */
export function takeTypesThread(): Worker {
  const taken = early ?? createThread()
  early = undefined
  return taken
}

function createThread(): Worker {
  return new Worker(new URL('./types-worker.js', import.meta.url))
}
