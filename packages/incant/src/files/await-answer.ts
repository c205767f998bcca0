import { threads } from './node-modules.ts'
import { noteUnanswered, UnansweredError } from './patient-reader.ts'

/** The longest wait for a file at the start, in milliseconds. A thread on a busy machine takes some of it. */
const PATIENCE = 5000

/**
 * What the thread does: it opens and reads each file as the program will, and counts it as answered, also where that failed. A
 * named pipe is not waited for.
 */
const PROBE = `
const { closeSync, constants, fstatSync, openSync, readSync } = require('node:fs')
const { paths, answered } = require('node:worker_threads').workerData
for (const path of paths) {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    if (fstatSync(file).isFile()) readSync(file, Buffer.alloc(1))
    closeSync(file)
  } catch {}
  Atomics.add(answered, 0, 1)
  Atomics.notify(answered, 0)
}
`

/**
 * Waits until files answer, before the program reads them at its start, when nothing else can be done meanwhile: a read
 * from a mount that hangs cannot be stopped. What is wrong with a file that answers is for its reader to say.
 *
 * @throws {UnansweredError} Where one takes longer than its time. Its thread is then left behind.
 */
export function awaitAnswer(paths: readonly string[], patience: number = PATIENCE): void {
  const workers = threads()
  // Other runtimes have no such thread, or cannot wait for one.
  if (workers === undefined) return
  const answered = new Int32Array(new SharedArrayBuffer(4))
  const worker = new workers.Worker(PROBE, { eval: true, workerData: { paths, answered }, execArgv: [], env: {} })
  worker.unref()
  worker.on('error', () => {})
  const due = performance.now() + patience
  for (let count = 0; count < paths.length; count = Atomics.load(answered, 0)) {
    if (Atomics.wait(answered, 0, count, due - performance.now()) !== 'timed-out') continue
    const path = paths[Atomics.load(answered, 0)] ?? ''
    noteUnanswered(path)
    throw new UnansweredError(`${path} does not answer`)
  }
}
