/** Whether properties are tried with all of their values, as `.ci/run slow` does, or with the tenth part of them. */
const isFull = process.env['PROPERTIES'] === 'full'

/** How often a property is tried that is tried so often in full. */
export function propertyRuns(full: number): number {
  return isFull ? full : Math.ceil(full / 10)
}
