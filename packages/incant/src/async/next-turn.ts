type Schedule = (callback: () => void) => void

/** Node's, also in Bun and Deno: after what has arrived is read, and with no least delay as timers have. */
const setImmediate: unknown = Reflect.get(globalThis, 'setImmediate')

const schedule: Schedule =
  // Every function with this name takes a callback.
  typeof setImmediate === 'function' ? (setImmediate as Schedule) : callback => setTimeout(callback, 0)

/** Milliseconds for which all that gives way may hold the event loop together. */
const TURN = 1

/** When the event loop was last seen to go round. */
let turnedAt = performance.now()

/** Waits until the event loop has been round: what arrives meanwhile is here then, and what is ready has left. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    schedule(() => {
      turnedAt = performance.now()
      resolve()
    })
  })
}

/**
 * Lets the event loop go round where it has not for a while: for work in many small steps, of which each is followed by a
 * microtask and so keeps everything else waiting. Undefined: there is no need to.
 */
export function giveWay(): Promise<void> | undefined {
  return performance.now() - turnedAt < TURN ? undefined : nextTurn()
}
