/** The drift of the clock that does not count as setting it, in milliseconds. */
const TOLERANCE = 1000

/**
 * Tells by how many milliseconds the date has been set, forward or back, since it was asked the last time: for what
 * others measure by it.
 */
export function watchDate(): () => number {
  let offset = Date.now() - performance.now()
  return () => {
    const step = Date.now() - performance.now() - offset
    if (Math.abs(step) < TOLERANCE) return 0
    offset += step
    return step
  }
}
