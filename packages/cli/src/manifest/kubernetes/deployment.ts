import { below, containerComments, containerOf, MODEL_FOLDER, POD_SECURITY, volumesOf } from '../container.ts'
import type { ServerPlan } from '../plan.ts'
import type { PodSpec } from '../pod.ts'
import type { Deployment, Part } from '../resource.ts'
import { strategyOf } from '../strategy.ts'
import { PROBES_PORT, type Variable, variablesOf } from '../variables.ts'
import { scales } from './autoscaler.ts'
import { metadataOf, selectorOf } from './labels.ts'

/** Where the flags of a server are kept, so that the next update begins from them. */
export const FLAGS_ANNOTATION = 'incant.dev/flags'

/** Time beyond that of setup() in which an image is fetched and a pod is placed, in seconds. */
const PLACEMENT = 60

/** The Deployment of a server. */
export function deploymentOf(plan: ServerPlan): Part<Deployment> {
  const modelPath = plan.modelImage === undefined ? undefined : MODEL_FOLDER
  const variables = variablesOf(plan, { modelPath, checksAddresses: true })
  return {
    data: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadataOf(plan),
      spec: {
        ...replicas(plan),
        revisionHistoryLimit: 5,
        progressDeadlineSeconds: plan.times.setup + PLACEMENT,
        selector: { matchLabels: selectorOf(plan.name) },
        strategy: strategyOf(plan),
        template: { metadata: podMetadata(plan), spec: podSpec(plan, variables) },
      },
    },
    comments: commentsOf(plan, variables),
  }
}

/** None beside an autoscaler: each apply would undo what that has decided. */
function replicas(plan: ServerPlan): { replicas?: number } {
  if (plan.isStopped) return { replicas: 0 }
  return scales(plan) ? {} : { replicas: plan.scaling.min }
}

/** Prometheus without its operator finds pods by these annotations, as most of its configurations have it. */
function podMetadata(plan: ServerPlan): { labels: Record<string, string>; annotations: Record<string, string> } {
  return {
    labels: metadataOf(plan).labels,
    annotations: {
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(PROBES_PORT),
      'prometheus.io/path': '/metrics',
    },
  }
}

function podSpec(plan: ServerPlan, variables: readonly Variable[]): PodSpec {
  const mountsModel = plan.modelImage !== undefined
  return {
    serviceAccountName: plan.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: plan.times.termination,
    securityContext: POD_SECURITY,
    ...(plan.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: plan.pullSecret }] }),
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: selectorOf(plan.name) },
      },
    ],
    containers: [containerOf(plan, { name: 'predictor', variables, mountsModel, declaresProbes: true })],
    volumes: volumesOf(plan, { mountsModel, setsGroup: true }),
  }
}

function commentsOf(plan: ServerPlan, variables: readonly Variable[]): Readonly<Record<string, string>> {
  const spec = 'spec.template.spec'
  return {
    ...(scales(plan) && !plan.isStopped
      ? { 'spec.revisionHistoryLimit': 'No replicas here: the autoscaler has the word, and each apply would undo it.' }
      : {}),
    'spec.progressDeadlineSeconds': 'The time of setup(), and a minute to fetch the image.',
    [`${spec}.terminationGracePeriodSeconds`]:
      'Drain delay, grace period and ten seconds. No preStop sleep: the server answers on while it drains.',
    ...below(`${spec}.containers.0`, containerComments(plan, variables)),
    ...(plan.modelImage === undefined
      ? {}
      : {
          [`${spec}.volumes.1`]:
            'Image volumes need Kubernetes 1.31 with the gate ImageVolume, or 1.35. The image must have layers of tar: others are mounted empty.',
        }),
  }
}
