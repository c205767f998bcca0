import type { LiveDeployment, LivePod } from '../kubectl/objects.ts'

/** Where the replacement of the pods of a server stands. */
export type Progress =
  | { readonly kind: 'done' }
  | { readonly kind: 'waiting'; readonly ready: number; readonly wanted: number }
  /** It will not end well, and why. */
  | { readonly kind: 'failed'; readonly reason: string; readonly pod: string | undefined }
  /** As failed, unless it passes: an image that is fetched again, a Secret that follows. */
  | { readonly kind: 'stuck'; readonly reason: string; readonly pod: string | undefined }

/** What a pod waits for that waiting alone does not bring. */
const HOPELESS: ReadonlySet<string> = new Set(['CrashLoopBackOff', 'InvalidImageName', 'ErrImageNeverPull'])
const STUCK: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
])

/**
 * Judges a rollout.
 *
 * @param pods - Those of the newest revision.
 */
export function judgeRollout(deployment: LiveDeployment, pods: readonly LivePod[]): Progress {
  const { metadata, spec, status } = deployment
  if ((status.observedGeneration ?? 0) < metadata.generation) return waiting(deployment)
  const failed = pods.flatMap(pod => judgePod(pod) ?? [])[0]
  if (failed !== undefined) return failed
  const refused = conditionOf(deployment, 'ReplicaFailure', 'True')
  if (refused !== undefined) return { kind: 'stuck', reason: refused, pod: undefined }
  const late = conditionOf(deployment, 'Progressing', 'False')
  if (late !== undefined) return { kind: 'failed', reason: late, pod: pods[0]?.metadata.name }
  const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status
  const isDone =
    updatedReplicas === spec.replicas && replicas === updatedReplicas && availableReplicas === updatedReplicas
  return isDone ? { kind: 'done' } : waiting(deployment)
}

function waiting({ spec, status }: LiveDeployment): Progress {
  return {
    kind: 'waiting',
    ready: Math.min(status.updatedReplicas ?? 0, status.availableReplicas ?? 0),
    wanted: spec.replicas,
  }
}

function conditionOf({ status }: LiveDeployment, type: string, value: string): string | undefined {
  const found = (status.conditions ?? []).find(condition => condition.type === type && condition.status === value)
  return found === undefined ? undefined : `${found.reason}: ${found.message}`
}

function judgePod(pod: LivePod): Progress | undefined {
  const [container] = pod.status.containerStatuses
  if (container === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined
  const { waiting, terminated } = container.state
  const reason = waiting?.reason ?? ''
  const end = terminated ?? container.lastState.terminated
  const describe = [reason, waiting?.message, describeEnd(end)]
    .filter(text => text !== undefined && text !== '')
    .join(': ')
  const found = { reason: describe, pod: pod.metadata.name }
  // A second crash before it was ever ready: the third one would be no other.
  const crashes = !container.ready && container.restartCount >= 1 && end !== undefined && end.exitCode !== 0
  if (HOPELESS.has(reason) || crashes) return { kind: 'failed', ...found }
  return STUCK.has(reason) ? { kind: 'stuck', ...found } : undefined
}

/** `Error, exit code 1`, of a container that has ended. */
export function describeEnd(
  end: { readonly reason: string; readonly exitCode: number } | undefined,
): string | undefined {
  return end === undefined ? undefined : `${end.reason}, exit code ${end.exitCode}`
}
