import { below, containerComments, containerOf, volumesOf } from '../container.ts'
import { localLabel } from '../knative.ts'
import { metadataOf } from '../kubernetes/labels.ts'
import type { ServerPlan } from '../plan.ts'
import type { Container, Volume } from '../pod.ts'
import { parseQuantity } from '../quantity.ts'
import type { Part } from '../resource.ts'
import { type Variable, variablesOf } from '../variables.ts'
import { MODE_ANNOTATION, modeOf, podOf, scalingOf } from './mode.ts'
import type { InferenceService, Predictor, ServingRuntime } from './objects.ts'

/** Where KServe puts the files of a model. */
const MODEL_FOLDER = '/mnt/models'
/** The format that the runtime says it serves. */
const FORMAT = 'incant'

/** A server on KServe: a runtime and its model where the model has an image, else one container. */
export function kserveParts(plan: ServerPlan): readonly Part[] {
  const modelPath = plan.modelImage === undefined ? undefined : MODEL_FOLDER
  const variables = variablesOf(plan, { modelPath, checksAddresses: false })
  return plan.modelImage === undefined
    ? [custom(plan, variables)]
    : [runtime(plan, variables), withModel(plan, variables)]
}

function custom(plan: ServerPlan, variables: readonly Variable[]): Part<InferenceService> {
  return {
    data: inferenceService(plan, podParts(plan, variables)),
    comments: { ...comments(plan), ...below('spec.predictor.containers.0', commentsOf(plan, variables)) },
  }
}

function withModel(plan: ServerPlan, variables: readonly Variable[]): Part<InferenceService> {
  const { resources } = kserveContainer(plan, variables)
  return {
    data: inferenceService(plan, {
      model: { modelFormat: { name: FORMAT }, runtime: plan.name, storageUri: `oci://${plan.modelImage}`, resources },
    }),
    comments: {
      ...comments(plan),
      'spec.predictor.model': 'KServe starts a shell in the image, and needs enableModelcar in its configuration.',
    },
  }
}

function runtime(plan: ServerPlan, variables: readonly Variable[]): Part<ServingRuntime> {
  return {
    data: {
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'ServingRuntime',
      metadata: metadataOf(plan),
      spec: {
        supportedModelFormats: [{ name: FORMAT, version: '1', autoSelect: false }],
        protocolVersions: ['v1', 'v2'],
        ...podParts(plan, variables),
      },
    },
    comments: below('spec.containers.0', commentsOf(plan, variables)),
  }
}

function podParts(
  plan: ServerPlan,
  variables: readonly Variable[],
): { containers: readonly Container[]; volumes: readonly Volume[] } {
  const setsGroup = modeOf(plan) === 'Standard'
  return { containers: [kserveContainer(plan, variables)], volumes: volumesOf(plan, { mountsModel: false, setsGroup }) }
}

function kserveContainer(plan: ServerPlan, variables: readonly Variable[]): Container {
  const { startupProbe: _startupProbe, ...container } = containerOf(plan, {
    name: 'kserve-container',
    variables,
    mountsModel: false,
    declaresProbes: false,
  })
  const { requests, limits } = container.resources
  return { ...container, resources: { requests, limits: { cpu: defaultLimit(plan), ...limits } } }
}

/** Where there is no limit KServe sets one, by default one processor, which may be less than the request. */
function defaultLimit({ resources }: ServerPlan): string {
  return (parseQuantity(resources.cpuRequest) ?? 1) > 1 ? resources.cpuRequest : '1'
}

function inferenceService(
  plan: ServerPlan,
  predictor: Pick<Predictor, 'containers' | 'volumes' | 'model'>,
): InferenceService {
  const metadata = metadataOf(plan)
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...localLabel(plan, 'networking.kserve.io/visibility') },
      annotations: { [MODE_ANNOTATION]: modeOf(plan) },
    },
    spec: {
      predictor: {
        ...scalingOf(plan.scaling),
        containerConcurrency: plan.concurrency,
        timeout: plan.times.exchange,
        ...podOf(plan),
        ...predictor,
      },
    },
  }
}

function commentsOf(plan: ServerPlan, variables: readonly Variable[]): Readonly<Record<string, string>> {
  const { resources: _resources, ...others } = containerComments(plan, variables)
  const limit = 'Without a limit KServe sets one, which may be less than the request.'
  return plan.resources.cpuLimit === undefined ? { ...others, 'resources.limits.cpu': limit } : others
}

function comments(plan: ServerPlan): Readonly<Record<string, string>> {
  return {
    ...(plan.exposure.visibility === 'private'
      ? {
          'metadata.labels':
            'No address outside of the cluster. Who may call inside of it: a NetworkPolicy of the namespace, or authentication.',
        }
      : {}),
    'metadata.annotations':
      modeOf(plan) === 'Knative'
        ? 'Knative alone scales by calls, and to none. The mode cannot change while the InferenceService exists.'
        : 'A Deployment, without Knative. The mode cannot change while the InferenceService exists.',
    'spec.predictor.timeout': 'The time for a body and for a call.',
  }
}
