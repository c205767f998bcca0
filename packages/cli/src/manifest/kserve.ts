import { below, containerComments, containerOf, volumesOf } from './container.ts'
import { localLabel } from './knative.ts'
import { metadataOf } from './kubernetes/labels.ts'
import type { Scaling, ServerPlan } from './plan.ts'
import type { Container, Volume } from './pod.ts'
import type { Part, Resource } from './resource.ts'
import { type Variable, variablesOf } from './variables.ts'

/** Where KServe puts the files of a model. */
const MODEL_FOLDER = '/mnt/models'
/** The format that the runtime says it serves. */
const FORMAT = 'incant'

/** How KServe scales a predictor. */
interface PredictorScaling {
  readonly minReplicas: number
  readonly maxReplicas: number
  readonly scaleMetric?: string
  readonly scaleTarget?: number
}

/** An InferenceService, as far as it is used here. */
export type InferenceService = Resource<
  'serving.kserve.io/v1beta1',
  'InferenceService',
  { readonly predictor: Predictor }
>

type Predictor = PredictorScaling & {
  readonly containerConcurrency?: number
  readonly timeout: number
  readonly containers?: readonly Container[]
  readonly volumes?: readonly Volume[]
  readonly model?: {
    readonly modelFormat: { readonly name: string }
    readonly runtime: string
    readonly storageUri: string
  }
}

/** A ServingRuntime, as far as it is used here. */
export type ServingRuntime = Resource<
  'serving.kserve.io/v1alpha1',
  'ServingRuntime',
  {
    readonly supportedModelFormats: readonly {
      readonly name: string
      readonly version: string
      readonly autoSelect: boolean
    }[]
    readonly protocolVersions: readonly string[]
    readonly containers: readonly Container[]
    readonly volumes?: readonly Volume[]
  }
>

/** A server on KServe: with a model of its own image a runtime and its model, else one container. */
export function kserveParts(plan: ServerPlan): readonly Part[] {
  const modelPath = plan.modelImage === undefined ? undefined : MODEL_FOLDER
  const variables = variablesOf(plan, { modelPath, checksAddresses: false })
  return plan.modelImage === undefined ? [custom(plan, variables)] : [runtime(plan, variables), withModel(plan)]
}

function custom(plan: ServerPlan, variables: readonly Variable[]): Part<InferenceService> {
  return {
    data: inferenceService(plan, { ...podParts(plan, variables) }),
    comments: { ...comments(plan), ...below('spec.predictor.containers.0', containerComments(plan, variables)) },
  }
}

function withModel(plan: ServerPlan): Part<InferenceService> {
  return {
    data: inferenceService(plan, {
      model: { modelFormat: { name: FORMAT }, runtime: plan.name, storageUri: `oci://${plan.modelImage}` },
    }),
    comments: comments(plan),
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
    comments: below('spec.containers.0', containerComments(plan, variables)),
  }
}

function podParts(
  plan: ServerPlan,
  variables: readonly Variable[],
): { containers: readonly Container[]; volumes: readonly Volume[] } {
  const { startupProbe: _startupProbe, ...container } = containerOf(plan, {
    name: 'kserve-container',
    variables,
    mountsModel: false,
    declaresProbes: false,
  })
  return { containers: [container], volumes: volumesOf(plan, false) }
}

function inferenceService(
  plan: ServerPlan,
  predictor: Pick<Predictor, 'containers' | 'volumes' | 'model'>,
): InferenceService {
  const metadata = metadataOf(plan)
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { ...metadata, labels: { ...metadata.labels, ...localLabel(plan, 'networking.kserve.io/visibility') } },
    spec: {
      predictor: {
        ...scalingOf(plan.scaling),
        containerConcurrency: plan.concurrency,
        timeout: plan.times.exchange,
        ...predictor,
      },
    },
  }
}

function scalingOf({ min, max, cpuUtilization, requestsPerSecond, calls }: Scaling): PredictorScaling {
  const [scaleMetric, scaleTarget] =
    requestsPerSecond !== undefined
      ? ['rps', requestsPerSecond]
      : cpuUtilization !== undefined
        ? ['cpu', cpuUtilization]
        : ['concurrency', calls]
  return {
    minReplicas: min,
    maxReplicas: max,
    ...(scaleTarget === undefined ? {} : { scaleMetric, scaleTarget }),
  }
}

function comments({ scaling, exposure }: ServerPlan): Readonly<Record<string, string>> {
  return {
    ...(scaling.min === 0
      ? { 'spec.predictor.minReplicas': 'Decide: the last pod ends only in the mode Knative, not in Standard.' }
      : {}),
    ...(exposure.visibility === 'private'
      ? {
          'metadata.labels':
            'No address outside of the cluster. Who may call inside of it: a NetworkPolicy of the namespace, or authentication.',
        }
      : {}),
    'spec.predictor.timeout': 'The time for a body and for a call.',
  }
}
