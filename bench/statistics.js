/**
 * The value that a part of all values does not exceed: `percentile(values, 0.5)` is the median, of an even number of
 * values the upper one.
 *
 * @param {readonly number[]} values at least one
 * @param {number} part from 0 to 1
 */
export function percentile(values, part) {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
}

/** @param {readonly number[]} values */
export function median(values) {
  return percentile(values, 0.5)
}
