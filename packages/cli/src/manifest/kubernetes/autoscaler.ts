import type { Scaling, ServerPlan } from '../plan.ts'
import type { Part, Resource } from '../resource.ts'
import { metadataOf } from './labels.ts'

/** A trigger of KEDA. */
interface Trigger {
  readonly type: 'prometheus' | 'cpu'
  readonly metricType: 'AverageValue' | 'Utilization'
  readonly metadata: Readonly<Record<string, string>>
}

/** A ScaledObject of KEDA, as far as it is used here. */
export type ScaledObject = Resource<
  'keda.sh/v1alpha1',
  'ScaledObject',
  {
    readonly scaleTargetRef: { readonly name: string }
    readonly minReplicaCount: number
    readonly maxReplicaCount: number
    readonly fallback?: { readonly failureThreshold: number; readonly replicas: number; readonly behavior: string }
    readonly triggers: readonly Trigger[]
  }
>

/** Kubernetes' own autoscaler, as far as it is used here. */
export type HorizontalPodAutoscaler = Resource<
  'autoscaling/v2',
  'HorizontalPodAutoscaler',
  {
    readonly scaleTargetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string }
    readonly minReplicas: number
    readonly maxReplicas: number
    readonly metrics: readonly {
      readonly type: 'Resource'
      readonly resource: {
        readonly name: 'cpu'
        readonly target: { readonly type: 'Utilization'; readonly averageUtilization: number }
      }
    }[]
  }
>

/** Whether something else than the manifest decides how many pods there are. */
export function scales({ scaling: { min, max } }: ServerPlan): boolean {
  return max > min
}

/** What adds and removes pods: Kubernetes by CPU alone, KEDA where one of the server's own metrics is a target. */
export function autoscalerOf(plan: ServerPlan): readonly Part[] {
  if (!scales(plan) || plan.isStopped) return []
  const { requestsPerSecond, calls } = plan.scaling
  return [requestsPerSecond === undefined && calls === undefined ? podAutoscaler(plan) : scaledObject(plan)]
}

function podAutoscaler(plan: ServerPlan): Part<HorizontalPodAutoscaler> {
  const { min, max, cpuUtilization = 70 } = plan.scaling
  return {
    data: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: metadataOf(plan),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: plan.name },
        minReplicas: min,
        maxReplicas: max,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuUtilization } },
          },
        ],
      },
    },
    comments: { '': 'Needs metrics-server. CPU says little of a model on a GPU: --target-calls counts what waits.' },
  }
}

function scaledObject(plan: ServerPlan): Part<ScaledObject> {
  const { min, max } = plan.scaling
  const triggers = triggersOf(plan)
  return {
    data: {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: metadataOf(plan),
      spec: {
        scaleTargetRef: { name: plan.name },
        minReplicaCount: min,
        maxReplicaCount: max,
        // KEDA refuses a fallback where CPU alone decides.
        fallback: { failureThreshold: 3, replicas: min, behavior: 'currentReplicasIfHigher' },
        triggers,
      },
    },
    comments: {
      'spec.triggers':
        'Decide: the address of Prometheus. Without values the fallback holds, and the ScaledObject says so.',
    },
  }
}

function triggersOf({ name, namespace, scaling }: ServerPlan): readonly Trigger[] {
  const pods = `${namespace === undefined ? '' : `namespace="${namespace}",`}pod=~"${name}-.+"`
  const requests = `sum(rate(incant_requests_total{${pods}}[1m]))`
  const calls = `sum(incant_calls_in_flight{${pods}}) + sum(incant_queue_length{${pods}})`
  return [
    ...fromPrometheus(scaling, requests, scaling.requestsPerSecond),
    ...fromPrometheus(scaling, calls, scaling.calls),
    ...(scaling.cpuUtilization === undefined
      ? []
      : [{ type: 'cpu', metricType: 'Utilization', metadata: { value: String(scaling.cpuUtilization) } } as const]),
  ]
}

function fromPrometheus({ prometheus }: Scaling, query: string, threshold: number | undefined): readonly Trigger[] {
  if (threshold === undefined) return []
  // By default a query that finds nothing counts as zero, which hides one that is wrong.
  const metadata = { serverAddress: prometheus, query, threshold: String(threshold), ignoreNullValues: 'false' }
  return [{ type: 'prometheus', metricType: 'AverageValue', metadata }]
}
