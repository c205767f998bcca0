import type { Container, PodSpec, Volume } from '../pod.ts'
import type { Deployment, Resource } from '../resource.ts'

/** How KServe scales a predictor. */
export interface PredictorScaling {
  readonly minReplicas: number
  readonly maxReplicas: number
  readonly scaleMetric?: string
  readonly scaleTarget?: number
}

/** The pod of a predictor, without what a ServingRuntime has in its place. */
export type PredictorPod = Omit<PodSpec, 'containers' | 'volumes'> &
  Partial<Pick<PodSpec, 'containers' | 'volumes'>> & {
    readonly deploymentStrategy?: NonNullable<Deployment['spec']>['strategy']
  }

/** The predictor of an {@link InferenceService}. */
export type Predictor = PredictorScaling &
  PredictorPod & {
    readonly containerConcurrency: number
    readonly timeout: number
    readonly model?: {
      readonly modelFormat: { readonly name: string }
      readonly runtime: string
      readonly storageUri: string
      readonly resources: Container['resources']
    }
  }

/** An InferenceService, as far as it is used here. */
export type InferenceService = Resource<
  'serving.kserve.io/v1beta1',
  'InferenceService',
  { readonly predictor: Predictor }
>

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
    readonly volumes: readonly Volume[]
  }
>
