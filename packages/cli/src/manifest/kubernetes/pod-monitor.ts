import type { ServerPlan } from '../plan.ts'
import type { Part, Resource } from '../resource.ts'
import { metadataOf, selectorOf } from './labels.ts'

/** A PodMonitor of the operator of Prometheus, as far as it is used here. */
export type PodMonitor = Resource<
  'monitoring.coreos.com/v1',
  'PodMonitor',
  {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }
    readonly podMetricsEndpoints: readonly {
      readonly port: string
      readonly path: string
      readonly interval: string
    }[]
  }
>

/** How the operator of Prometheus finds the metrics of each pod. */
export function podMonitorOf(plan: ServerPlan): readonly Part<PodMonitor>[] {
  if (!plan.podMonitor) return []
  return [
    {
      data: {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PodMonitor',
        metadata: metadataOf(plan),
        spec: {
          selector: { matchLabels: selectorOf(plan.name) },
          podMetricsEndpoints: [{ port: 'probes', path: '/metrics', interval: '15s' }],
        },
      },
      comments: { metadata: 'Decide: which labels does your Prometheus select (podMonitorSelector)?' },
    },
  ]
}
