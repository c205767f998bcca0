export { counter, gauge, histogram, promClient } from './kinds.ts'
export type { HistogramOptions, MetricOptions } from './make-metric.ts'
export { sendMetric } from './send-metric.ts'
