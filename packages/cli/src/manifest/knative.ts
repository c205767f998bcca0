import { below, containerComments, containerOf, volumesOf } from './container.ts'
import { metadataOf } from './kubernetes/labels.ts'
import type { Scaling, ServerPlan } from './plan.ts'
import type { PodSpec } from './pod.ts'
import type { Part, Resource } from './resource.ts'
import { variablesOf } from './variables.ts'

/** A Service of Knative, as far as it is used here. */
export type KnativeService = Resource<
  'serving.knative.dev/v1',
  'Service',
  {
    readonly template: {
      readonly metadata: {
        readonly labels: Readonly<Record<string, string>>
        readonly annotations: Readonly<Record<string, string>>
      }
      readonly spec: PodSpec & { readonly containerConcurrency: number; readonly timeoutSeconds: number }
    }
  }
>

/** A server on Knative, which starts the first pod when a call comes and ends the last one when none do. */
export function knativeParts(plan: ServerPlan): readonly Part[] {
  // Callers arrive through a proxy in the pod itself, so that their addresses are no longer known.
  const variables = variablesOf(plan, { checksAddresses: false })
  const { startupProbe: _startupProbe, ...container } = containerOf(plan, {
    name: 'predictor',
    variables,
    mountsModel: false,
    declaresProbes: false,
  })
  const metadata = metadataOf(plan)
  const service: KnativeService = {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { ...metadata, labels: { ...metadata.labels, ...localLabel(plan, 'networking.knative.dev/visibility') } },
    spec: {
      template: {
        metadata: { labels: metadata.labels, annotations: scalingAnnotations(plan.scaling) },
        spec: {
          containerConcurrency: plan.concurrency,
          timeoutSeconds: plan.times.exchange,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          ...(plan.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: plan.pullSecret }] }),
          containers: [container],
          // Knative takes no group for the files of a pod.
          volumes: volumesOf(plan, { mountsModel: false, setsGroup: false }),
        },
      },
    },
  }
  return [
    {
      data: service,
      comments: commentsOf(plan, below('spec.template.spec.containers.0', containerComments(plan, variables))),
    },
  ]
}

/** The label by which a server has no address outside of the cluster. */
export function localLabel({ exposure }: ServerPlan, label: string): Readonly<Record<string, string>> {
  return exposure.visibility === 'private' ? { [label]: 'cluster-local' } : {}
}

function scalingAnnotations({
  min,
  max,
  cpuUtilization,
  requestsPerSecond,
  calls,
}: Scaling): Readonly<Record<string, string>> {
  const prefix = 'autoscaling.knative.dev'
  const [metric, target] =
    requestsPerSecond !== undefined
      ? ['rps', requestsPerSecond]
      : cpuUtilization !== undefined
        ? ['cpu', cpuUtilization]
        : ['concurrency', calls]
  return {
    // Scaling by CPU is that of Kubernetes, which cannot end the last pod.
    ...(metric === 'cpu' ? { [`${prefix}/class`]: 'hpa.autoscaling.knative.dev' } : {}),
    [`${prefix}/min-scale`]: String(min),
    [`${prefix}/max-scale`]: String(max),
    [`${prefix}/metric`]: String(metric),
    ...(target === undefined ? {} : { [`${prefix}/target`]: String(target) }),
  }
}

function commentsOf(plan: ServerPlan, container: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const model =
    plan.modelImage === undefined ? '' : ' Knative mounts no image: the model belongs into the image of the server.'
  const isPrivate = plan.exposure.visibility === 'private'
  return {
    '': `A revision that does not become ready gets no calls: the old one answers on.${model}`,
    ...(isPrivate
      ? {
          'metadata.labels':
            'No address outside of the cluster. Who may call inside of it: a NetworkPolicy of the namespace, or authentication.',
        }
      : {}),
    'spec.template.spec.containerConcurrency':
      'As many calls as the replicas of a pod have in flight. Further ones wait in Knative.',
    'spec.template.spec.timeoutSeconds':
      'The time for a body and for a call; also the grace period of a pod. The cluster must permit as much (max-revision-timeout-seconds).',
    ...container,
  }
}
