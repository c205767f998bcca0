import promClient from 'prom-client'
import { METRICS } from './definitions.ts'
import { findOrMake } from './make-metric.ts'
import { registered } from './registered-metrics.ts'
import { noteSentMetric } from './sent-metrics.ts'

/** Pairs of a name and a tag that a process keeps at most. */
const LIMIT = 1000

const { name: custom, help } = METRICS.custom
const labelNames = ['name', 'tag'] as const
const gauge = findOrMake(
  { kind: 'gauge', name: custom, labels: labelNames },
  () => new promClient.Gauge({ name: custom, help, labelNames }),
)
let warned = false

/**
 * Sends a figure of the predictor, such as the confidence of its last answer: the last value under a name and a tag is
 * shown on `/metrics` as `incant_custom{name="…",tag="…",replica="…"}`. It can be called anywhere, also in `setup()`
 * and in timers. What a job sends is in the `metrics` of its object, too.
 *
 * A process keeps 1000 pairs of a name and a tag. Values of further pairs are dropped, and the log says so once.
 *
 * @param name - Any text but the empty one.
 * @param tag - Distinguishes values of one name. Each tag is a separate series: keep them few.
 * @throws {TypeError} For an empty name, a value that is not a finite number, a tag that is not a string.
 * @example
 * ```ts
 * sendMetric('confidence', 0.93, 'german')
 * ```
 */
export function sendMetric(name: string, value: number, tag = ''): void {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('sendMetric: the name is not a text with something in it')
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`sendMetric: the value of ${JSON.stringify(name)} is not a finite number`)
  }
  if (typeof tag !== 'string') throw new TypeError(`sendMetric: the tag of ${JSON.stringify(name)} is not a text`)
  // Half of a surrogate pair is no character, and would not leave as it came.
  const labels = { name: String(Buffer.from(name)), tag: String(Buffer.from(tag)) }
  noteSentMetric(name, value, tag)
  if (hasRoom(JSON.stringify(labels))) gauge.set(labels, value)
}

function hasRoom(key: string): boolean {
  if (registered.custom.has(key)) return true
  if (registered.custom.size < LIMIT) {
    registered.custom.add(key)
    return true
  }
  if (!warned)
    console.warn(`sendMetric: there are ${LIMIT} pairs of a name and a tag; what is sent under others is dropped`)
  warned = true
  return false
}
