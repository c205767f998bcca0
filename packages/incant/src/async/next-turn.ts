type Schedule = (callback: () => void) => void

/** Node's, also in Bun and Deno: after what has arrived is read, and with no least delay as timers have. */
const setImmediate: unknown = Reflect.get(globalThis, 'setImmediate')

const schedule: Schedule =
  // Every function with this name takes a callback.
  typeof setImmediate === 'function' ? (setImmediate as Schedule) : callback => setTimeout(callback, 0)

/** Waits until the event loop has been round: what arrives meanwhile is here then, and what is ready has left. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    schedule(() => resolve())
  })
}
