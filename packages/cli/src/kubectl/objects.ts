import * as v from 'valibot'

// Of each object the members that are read here. Others are there, and not looked at.

/** What every object is called and described by. */
export interface LiveMetadata {
  readonly name: string
  readonly namespace: string
  readonly creationTimestamp: string
  readonly generation: number
  readonly deletionTimestamp?: string | undefined
  readonly annotations: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

/** What a controller says of an object. */
export interface LiveCondition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/** A Deployment, as far as it is read here. */
export interface LiveDeployment {
  readonly metadata: LiveMetadata
  readonly spec: {
    readonly replicas: number
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } }
  }
  readonly status: {
    readonly observedGeneration: number
    readonly replicas: number
    readonly updatedReplicas: number
    readonly readyReplicas: number
    readonly availableReplicas: number
    readonly conditions: readonly LiveCondition[]
  }
}

/** How a container ended. */
export interface LiveEnd {
  readonly reason: string
  readonly exitCode: number
  readonly finishedAt: string
}

/** A pod, as far as it is read here. */
export interface LivePod {
  readonly metadata: LiveMetadata
  readonly status: {
    readonly phase: string
    readonly containerStatuses: readonly {
      readonly ready: boolean
      readonly restartCount: number
      readonly state: {
        readonly waiting?: { readonly reason: string; readonly message: string } | undefined
        readonly terminated?: LiveEnd | undefined
      }
      readonly lastState: { readonly terminated?: LiveEnd | undefined }
    }[]
  }
}

/** A ReplicaSet, as far as it is read here: one revision of a Deployment. */
export interface LiveReplicaSet {
  readonly metadata: LiveMetadata
}

const TEXTS = v.optional(v.record(v.string(), v.string()), {})

const METADATA = v.object({
  name: v.string(),
  namespace: v.optional(v.string(), ''),
  creationTimestamp: v.optional(v.string(), ''),
  generation: v.optional(v.number(), 0),
  deletionTimestamp: v.optional(v.string()),
  annotations: TEXTS,
  labels: TEXTS,
})

const CONDITIONS = v.optional(
  v.array(
    v.object({
      type: v.string(),
      status: v.string(),
      reason: v.optional(v.string(), ''),
      message: v.optional(v.string(), ''),
    }),
  ),
  [],
)

const DEPLOYMENT: v.GenericSchema<unknown, LiveDeployment> = v.object({
  metadata: METADATA,
  spec: v.object({
    replicas: v.optional(v.number(), 1),
    template: v.object({ spec: v.object({ containers: v.array(v.object({ image: v.optional(v.string(), '') })) }) }),
  }),
  status: v.optional(
    v.object({
      observedGeneration: v.optional(v.number(), 0),
      replicas: v.optional(v.number(), 0),
      updatedReplicas: v.optional(v.number(), 0),
      readyReplicas: v.optional(v.number(), 0),
      availableReplicas: v.optional(v.number(), 0),
      conditions: CONDITIONS,
    }),
    {},
  ),
})

const WAITING = v.object({ reason: v.optional(v.string(), ''), message: v.optional(v.string(), '') })
const TERMINATED = v.object({
  reason: v.optional(v.string(), ''),
  exitCode: v.optional(v.number(), 0),
  finishedAt: v.optional(v.string(), ''),
})

const POD: v.GenericSchema<unknown, LivePod> = v.object({
  metadata: METADATA,
  status: v.object({
    phase: v.optional(v.string(), ''),
    containerStatuses: v.optional(
      v.array(
        v.object({
          ready: v.optional(v.boolean(), false),
          restartCount: v.optional(v.number(), 0),
          state: v.optional(v.object({ waiting: v.optional(WAITING), terminated: v.optional(TERMINATED) }), {}),
          lastState: v.optional(v.object({ terminated: v.optional(TERMINATED) }), {}),
        }),
      ),
      [],
    ),
  }),
})

const REPLICA_SET: v.GenericSchema<unknown, LiveReplicaSet> = v.object({ metadata: METADATA })

/** What `kubectl get deployment NAME` gives. */
export function readDeployment(given: unknown): LiveDeployment {
  return v.parse(DEPLOYMENT, given)
}

/** What `kubectl get deployments` gives. */
export function readDeployments(given: unknown): readonly LiveDeployment[] {
  return v.parse(v.object({ items: v.array(DEPLOYMENT) }), given).items
}

/** What `kubectl get pods` gives. */
export function readPods(given: unknown): readonly LivePod[] {
  return v.parse(v.object({ items: v.array(POD) }), given).items
}

/** What `kubectl get replicasets` gives. */
export function readReplicaSets(given: unknown): readonly LiveReplicaSet[] {
  return v.parse(v.object({ items: v.array(REPLICA_SET) }), given).items
}
