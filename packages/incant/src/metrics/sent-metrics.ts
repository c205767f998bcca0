/** Told of each figure that a predictor sends with `sendMetric`. */
export type SentMetricListener = (name: string, value: number, tag: string) => void

const LISTENERS: unique symbol = Symbol.for('incant.metrics.sent')

/** Those of all copies of `incant/metrics` that this process has loaded. */
function listeners(): Set<SentMetricListener> {
  // The symbol is private to this file.
  const holder = globalThis as { [LISTENERS]?: Set<SentMetricListener> }
  holder[LISTENERS] ??= new Set()
  return holder[LISTENERS]
}

/** Tells what a predictor has sent. */
export function noteSentMetric(name: string, value: number, tag: string): void {
  for (const listener of listeners()) listener(name, value, tag)
}

/** @returns Ends it. */
export function listenForMetrics(listener: SentMetricListener): () => void {
  listeners().add(listener)
  return () => listeners().delete(listener)
}
