import { METRIC_NAMES } from '../metrics/names.ts'
import type { Sample } from './exposition.ts'
import { type Choose, observedBetween, quantile } from './histogram.ts'
import { type Readings, secondsBetween, seriesOf } from './series.ts'
import type { ModelView } from './view.ts'

/** The models of a server that has several, in the order in which it names them; none of a server with one. */
export function deriveModels(readings: Readings): readonly ModelView[] {
  const ready = seriesOf(readings.after, METRIC_NAMES.ready).filter(({ labels }) => labels.has('model'))
  return ready.map(({ labels, value }) => deriveModel(readings, modelOf(labels), value > 0))
}

/** `words`, or `words:v2`: what the labels of a series say it is about. Empty: about none. */
export function modelOf(labels: Sample['labels']): string {
  const version = labels.get('model_version')
  const name = labels.get('model') ?? ''
  return version === undefined ? name : `${name}:${version}`
}

function deriveModel(readings: Readings, model: string, ready: boolean): ModelView {
  const isOf: Choose = ({ labels }) => modelOf(labels) === model
  const sum = (metric: string, choose: Choose = () => true): number =>
    seriesOf(readings.after, metric)
      .filter(sample => isOf(sample) && choose(sample))
      .reduce((total, { value }) => total + value, 0)
  const seconds = secondsBetween(readings)
  const observed = observedBetween(readings, METRIC_NAMES.predictDuration, isOf)
  return {
    model,
    ready,
    rate: seconds === undefined || observed === undefined ? undefined : observed.count / seconds,
    p50: observed && quantile(0.5, observed),
    p99: observed && quantile(0.99, observed),
    queue: { length: sum(METRIC_NAMES.queueLength), limit: sum(METRIC_NAMES.queueLimit) },
    replicas: sum(METRIC_NAMES.replicas, ({ labels }) => labels.get('state') === 'ready'),
    restarts: sum(METRIC_NAMES.replicaRestarts),
  }
}
