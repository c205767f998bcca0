import { getHeapStatistics } from 'node:v8'

/** How long after a start, and how often while there is work, in milliseconds. */
const INTERVAL = 1000

/** The part of an interval for which a process may work and still have no work. */
const IDLE = 0.2

/** Bytes of a heap above which a collection takes noticeably long, as where a predictor keeps much in it. */
const LARGE = 67_108_864

/**
 * Collects the garbage of a start once there is little work, and returns the memory, in 20 ms. V8 by itself collects it later,
 * in several rounds, and keeps the room of young objects. A large heap is left to it. The session of Node's inspector is the only way to V8's collection
 * for a system that is short of memory; without an inspector nothing happens.
 */
export function collectAfterStart(): void {
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    if (utilization > IDLE) return
    clearInterval(timer)
    if (getHeapStatistics().used_heap_size < LARGE) collect().catch(() => {})
  }, INTERVAL)
  timer.unref()
}

async function collect(): Promise<void> {
  const { Session } = await import('node:inspector')
  const session = new Session()
  session.connect()
  // A session that is ended by its own answer never returns.
  session.post('HeapProfiler.collectGarbage', () => setImmediate(() => session.disconnect()))
}
