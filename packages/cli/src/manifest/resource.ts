import type { LabelSelector, PodSpec } from './pod.ts'

/** What an object of a cluster is called and found by. */
export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** An object of a cluster. */
export interface Resource<Version extends string = string, Kind extends string = string, Spec = unknown> {
  readonly apiVersion: Version
  readonly kind: Kind
  readonly metadata: Metadata
  readonly spec?: Spec
}

/** A document of a manifest. */
export interface Part<Data extends object = object> {
  readonly data: Data
  /** What a person must decide or know, by the path of the member that it stands above: `spec.template`. Empty: the whole. */
  readonly comments?: Readonly<Record<string, string>>
}

/** Pods, and how they are replaced. */
export type Deployment = Resource<
  'apps/v1',
  'Deployment',
  {
    readonly replicas?: number
    readonly revisionHistoryLimit: number
    readonly progressDeadlineSeconds: number
    readonly selector: LabelSelector
    readonly strategy:
      | { readonly type: 'Recreate' }
      | {
          readonly type: 'RollingUpdate'
          readonly rollingUpdate: { readonly maxSurge: number; readonly maxUnavailable: number }
        }
    readonly template: {
      readonly metadata: {
        readonly labels: Readonly<Record<string, string>>
        readonly annotations: Readonly<Record<string, string>>
      }
      readonly spec: PodSpec
    }
  }
>
