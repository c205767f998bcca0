import type { Recorder } from '../../metrics/recorder.ts'
import type { Labels } from '../../metrics/user-metrics.ts'
import {
  collectCertificate,
  collectFamilies,
  collectProcesses,
  collectRequests,
  collectWebhooks,
  type ServerFacts,
} from './collect.ts'
import type { Family, Sample } from './families.ts'

/** The metrics of one model among several, and the labels that distinguish its series. */
export interface LabelledRecorder {
  readonly recorder: Recorder
  readonly labels: Labels
}

/**
 * Every metric of a server with several models, with its values now. What is about a model has its labels; requests that
 * are about none, and the process with the sockets, have none.
 */
export function collectModels(
  server: Recorder,
  models: readonly LabelledRecorder[],
  facts: ServerFacts,
): readonly Family[] {
  const ofModel = { ...facts, certificateExpires: undefined }
  const ofModels = models.flatMap(({ recorder, labels }) =>
    collectFamilies(recorder, ofModel).map(family => withLabels(family, labels)),
  )
  return merge([
    ...collectRequests(server),
    ...collectWebhooks(server),
    ...collectProcesses(server),
    ...collectCertificate(facts),
    ...ofModels,
  ])
}

/** A metric is exposed in one piece (OpenMetrics 1.0, "MetricFamily"). */
function merge(families: readonly Family[]): readonly Family[] {
  const byName = new Map<string, Family>()
  for (const family of families) {
    const { samples = [] } = byName.get(family.name) ?? {}
    byName.set(family.name, { ...family, samples: [...samples, ...family.samples] })
  }
  return [...byName.values()]
}

function withLabels(family: Family, labels: Labels): Family {
  return { ...family, samples: family.samples.map(sample => withModel(sample, labels)) }
}

/** A label that a predictor gave the same name is kept under another, as Prometheus itself does. */
function withModel({ labels, ...sample }: Sample, model: Labels): Sample {
  const kept = Object.entries(labels).map(([name, value]) => {
    const isTaken = model[name] !== undefined && model[name] !== value
    return [isTaken ? `exported_${name}` : name, value]
  })
  return { ...sample, labels: { ...model, ...Object.fromEntries(kept) } }
}
