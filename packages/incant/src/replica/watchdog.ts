import { Worker } from 'node:worker_threads'

/** How often a replica looks whether its front is still there, in milliseconds. */
const INTERVAL = 500

/**
 * Ends this process when the one that started it is gone, even while predict holds up the event loop: the look-out is a
 * thread of its own. Orphans are taken over by another process, which shows in the parent's id.
 */
export function watchFront(): void {
  const watch = `
    const front = ${process.ppid}
    setInterval(() => { if (process.ppid !== front) process.kill(process.pid, 'SIGKILL') }, ${INTERVAL})
  `
  // Small: it holds nothing but its own start.
  const worker = new Worker(watch, {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 8 },
    stdout: false,
    env: {},
  })
  worker.unref()
}
