// Loaded into the process with the sockets: tells how long its main thread has worked without coming back to its loop, in
// CPU time, so that a machine that does other things does not count.
import { readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** How often the loop is looked at, in milliseconds. What comes back in between has worked for less than what is found. */
const INTERVAL = 2

if (isMainThread && process.channel !== undefined) {
  let longest = 0
  let before = readCpu()
  setInterval(() => {
    const now = readCpu()
    longest = Math.max(longest, now - before)
    before = now
  }, INTERVAL).unref()
  process.on('message', () => {
    process.send(longest)
    longest = 0
  })
  // The bench may have been ended.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}

/** Milliseconds for which the main thread has been on a processor. */
function readCpu() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}
