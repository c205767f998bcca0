import { StartupError } from 'incant/internal/signature'
import type { Kubectl } from '../kubectl/kubectl.ts'
import { printable } from '../terminal/text.ts'
import { applyObjects, deleteObjects, keepReplicas, leftOver, objectsOf } from './apply.ts'
import { type Deployed, readFlags } from './flags.ts'
import { FAILED_ANNOTATION, findServer, revisionsOf } from './server.ts'
import { type Failure, lastWords, waitForRollout } from './wait.ts'

/** One change of a server. */
export interface Change {
  readonly kubectl: Kubectl
  readonly name: string
  /** Gets each step, one line. */
  readonly report: (line: string) => void
}

/**
 * Brings a server to a state, and waits for it. Where the new pods do not become ready, the old state is applied again: its
 * pods have served all the while.
 *
 * @throws {StartupError} `cluster_failed`; `rollout_failed` with the last words of a pod.
 */
export async function rollOut(change: Change, next: Deployed): Promise<void> {
  const { kubectl, name, report } = change
  const before = await findServer(kubectl, name)
  const previous = before === undefined ? undefined : readFlags(before)
  await replace(change, previous, next)
  const failure = await waitForRollout(kubectl, name, report)
  if (failure === undefined) return
  const words = failure.pod === undefined ? '' : await lastWords(kubectl, failure.pod)
  const isRestored = previous !== undefined && !previous.isStopped
  if (isRestored) {
    await markFailed(kubectl, name)
    await replace(change, next, previous)
  }
  throw toError(name, failure, { words, isRestored })
}

/** A rollback passes over a revision that never became ready. */
async function markFailed(kubectl: Kubectl, name: string): Promise<void> {
  const [newest] = await revisionsOf(kubectl, name)
  if (newest === undefined) return
  await kubectl.text(['annotate', 'replicaset', newest.metadata.name, `${FAILED_ANNOTATION}=true`, '--overwrite'])
}

/** Applies one state over another, and deletes what only the other had. */
export async function replace({ kubectl, name }: Change, before: Deployed | undefined, after: Deployed): Promise<void> {
  const objects = objectsOf(name, after)
  const old = before === undefined ? [] : objectsOf(name, before)
  const live = await findServer(kubectl, name)
  // What scaled it must be gone before the number of pods is ours, and the other way round.
  await deleteObjects(kubectl, leftOver(old, objects))
  const isOurs = objects.some(object => object.kind === 'Deployment' && hasReplicas(object.spec))
  if (live !== undefined && !isOurs && live.spec.replicas > 0) await keepReplicas(kubectl, name, live.spec.replicas)
  await applyObjects(kubectl, objects)
}

function hasReplicas(spec: unknown): boolean {
  return typeof spec === 'object' && spec !== null && 'replicas' in spec
}

function toError(
  name: string,
  { reason, pod }: Failure,
  { words, isRestored }: { words: string; isRestored: boolean },
): StartupError {
  const lines =
    words.trim() === ''
      ? []
      : [
          'its last words:',
          ...words
            .trimEnd()
            .split('\n')
            .map(line => `  ${printable(line)}`),
        ]
  const where = pod === undefined ? name : `the pod ${pod}`
  return new StartupError({
    code: 'rollout_failed',
    found: [`${where} does not become ready: ${printable(reason)}`, ...lines].join('\n'),
    instead: isRestored
      ? 'The version before it serves on, and is the one that is deployed.'
      : `Nothing served before it. To try again: incant deploy ${name} …; to remove it: incant server rm ${name} --force`,
  })
}
