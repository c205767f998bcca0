import { METRIC_NAMES } from '../metrics/names.ts'
import type { Sample } from './exposition.ts'
import { modelOf } from './models.ts'
import { increasesOf, type Readings, secondsBetween, seriesOf, valuesBy } from './series.ts'
import type { ProcessView } from './view.ts'

/** The processes of a server: the front first, then the replicas by index. */
export function deriveProcesses(readings: Readings): readonly ProcessView[] {
  const of = (metric: string) => valuesBy(seriesOf(readings.after, metric).map(named), 'replica')
  const resident = of(METRIC_NAMES.residentMemory)
  const heap = of(METRIC_NAMES.heapUsed)
  const median = of(METRIC_NAMES.eventLoopDelayMedian)
  const p99 = of(METRIC_NAMES.eventLoopDelayP99)
  const cpu = deriveCpu(readings)
  const names = new Set([...resident.keys(), ...heap.keys(), ...p99.keys(), ...cpu.keys()])
  return [...names].sort(compareNames).map(replica => ({
    replica,
    resident: resident.get(replica),
    heap: heap.get(replica),
    cpu: cpu.get(replica),
    loopMedian: median.get(replica),
    loopP99: p99.get(replica),
  }))
}

function deriveCpu(readings: Readings): ReadonlyMap<string, number> {
  const seconds = secondsBetween(readings)
  const increases = increasesOf(readings, METRIC_NAMES.cpuSeconds)
  if (seconds === undefined || increases === undefined) return new Map()
  const used = valuesBy(increases.map(named), 'replica')
  return new Map([...used].map(([replica, increase]) => [replica, increase / seconds]))
}

/** Each of several models has a replica 0. */
function named(sample: Sample): Sample {
  const model = modelOf(sample.labels)
  if (model === '') return sample
  return { ...sample, labels: new Map([...sample.labels, ['replica', `${model} ${sample.labels.get('replica')}`]]) }
}

function compareNames(first: string, second: string): number {
  if (first === 'front' || second === 'front') return first === 'front' ? -1 : 1
  return first.localeCompare(second, 'en', { numeric: true })
}
