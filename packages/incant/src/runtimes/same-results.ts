import type { Elements } from './elements.ts'
import type { NamedTensors } from './runtime.ts'

/** How far sums may be apart that were added in another order. */
const TOLERANCE = 1e-4

/** Whether two results are the same but for rounding. */
export function areSame(one: NamedTensors, other: NamedTensors): boolean {
  return Object.entries(one).every(([name, { shape, data }]) => {
    const found = other[name]
    return found !== undefined && String(found.shape) === String(shape) && areClose(data, found.data)
  })
}

function areClose(one: Elements, other: Elements): boolean {
  const largest = largestOf(one)
  for (let index = 0; index < one.length; index += 1) {
    const [left, right] = [one[index], other[index]]
    if (left === right || (Number.isNaN(left) && Number.isNaN(right))) continue
    if (typeof left !== 'number' || typeof right !== 'number') return false
    if (!(Math.abs(left - right) <= TOLERANCE * Math.max(largest, Math.abs(left)))) return false
  }
  return true
}

function largestOf(elements: Elements): number {
  let largest = 0
  for (let index = 0; index < elements.length; index += 1) {
    const element = elements[index]
    if (typeof element === 'number' && Number.isFinite(element)) largest = Math.max(largest, Math.abs(element))
  }
  return largest
}
