import { StartupError } from 'incant/internal/signature'
import type { Kubectl } from '../kubectl/kubectl.ts'
import {
  type LiveDeployment,
  type LivePod,
  type LiveReplicaSet,
  readDeployment,
  readPods,
  readReplicaSets,
} from '../kubectl/objects.ts'
import { MANAGER } from '../manifest/kubernetes/labels.ts'
import { type Deployed, readFlags } from './flags.ts'

const MANAGED = 'app.kubernetes.io/managed-by'

/** Marks a revision whose pods did not become ready. */
export const FAILED_ANNOTATION = 'incant.dev/failed'

/** The label that the pods of a server have. */
export function selector(name: string): string {
  return `app.kubernetes.io/name=${name},${MANAGED}=${MANAGER}`
}

/** Selects every server of ours: KServe and Knative copy the label to Deployments of theirs. */
export const EVERY_SERVER: string = `${MANAGED}=${MANAGER},!serving.kserve.io/inferenceservice,!serving.knative.dev/service`

/**
 * The Deployment of a server; undefined where there is none.
 *
 * @throws {StartupError} `cluster_failed`, also for a Deployment of that name that is not ours.
 */
export async function findServer(kubectl: Kubectl, name: string): Promise<LiveDeployment | undefined> {
  const found = await kubectl.find(['get', 'deployment', name])
  const deployment = found === undefined ? undefined : readDeployment(found)
  if (deployment === undefined || deployment.metadata.labels[MANAGED] === MANAGER) return deployment
  throw new StartupError({
    code: 'cluster_failed',
    found: `the Deployment ${name} is not one of Incant`,
    instead: 'Choose another name, or another namespace: --namespace NAME.',
  })
}

/**
 * The Deployment of a server, and what it was deployed with.
 *
 * @throws {StartupError} `cluster_failed` where there is none.
 */
export async function getServer(
  kubectl: Kubectl,
  name: string,
): Promise<{ deployment: LiveDeployment; deployed: Deployed }> {
  const deployment = await findServer(kubectl, name)
  const deployed = deployment === undefined ? undefined : readFlags(deployment)
  if (deployment !== undefined && deployed !== undefined) return { deployment, deployed }
  throw new StartupError({
    code: 'cluster_failed',
    found:
      deployment === undefined ? `there is no server ${name}` : `the server ${name} was applied without incant deploy`,
    instead:
      deployment === undefined
        ? 'To see those that are there, write: incant server list'
        : `Its flags are not known. Deploy it once with all of them: incant deploy ${name} --image IMAGE`,
  })
}

/** The pods of a server, the oldest first, those that end included. */
export async function podsOf(kubectl: Kubectl, name: string): Promise<readonly LivePod[]> {
  const pods = readPods(await kubectl.json(['get', 'pods', '--selector', selector(name)]))
  return [...pods].sort((one, other) => one.metadata.creationTimestamp.localeCompare(other.metadata.creationTimestamp))
}

/** The revisions of a server, the newest first. */
export async function revisionsOf(kubectl: Kubectl, name: string): Promise<readonly LiveReplicaSet[]> {
  const sets = readReplicaSets(await kubectl.json(['get', 'replicasets', '--selector', selector(name)]))
  return [...sets].sort((one, other) => revisionOf(other) - revisionOf(one))
}

/** Whether an update to this revision failed. */
export function hasFailed({ metadata }: LiveReplicaSet): boolean {
  return metadata.annotations[FAILED_ANNOTATION] === 'true'
}

/** The number of a revision. */
export function revisionOf({ metadata }: LiveReplicaSet | LiveDeployment): number {
  return Number(metadata.annotations['deployment.kubernetes.io/revision'] ?? 0)
}

/** Whether a pod belongs to a revision. */
export function isOfRevision(pod: LivePod, revision: LiveReplicaSet): boolean {
  const hash = revision.metadata.labels['pod-template-hash']
  return hash !== undefined && pod.metadata.labels['pod-template-hash'] === hash
}
