import { setTimeout as sleep } from 'node:timers/promises'
import type { Kubectl } from '../kubectl/kubectl.ts'
import type { LiveDeployment } from '../kubectl/objects.ts'
import { judgeRollout, type Progress } from './progress.ts'
import { findServer, isOfRevision, podsOf, revisionOf, revisionsOf } from './server.ts'

/** How often the cluster is asked, in milliseconds. */
const INTERVAL = 1000
/** How often in a row a pod must be stuck before it counts as failed. */
const PATIENCE = 15

/** A rollout that failed. */
export type Failure = Extract<Progress, { kind: 'failed' | 'stuck' }>

/**
 * Waits until the pods of a server are those of its newest revision, and ready.
 *
 * @param report - Gets each change, one line.
 * @returns What failed; undefined where nothing did.
 */
export async function waitForRollout(
  kubectl: Kubectl,
  name: string,
  report: (line: string) => void,
): Promise<Failure | undefined> {
  let last = ''
  for (let stuck = 0; ; ) {
    const progress = await progressOf(kubectl, name)
    if (progress.kind === 'done') return undefined
    if (progress.kind === 'failed') return progress
    stuck = progress.kind === 'stuck' ? stuck + 1 : 0
    if (progress.kind === 'stuck' && stuck >= PATIENCE) return progress
    const line = describe(progress)
    if (line !== last) report(line)
    last = line
    await sleep(INTERVAL)
  }
}

async function progressOf(kubectl: Kubectl, name: string): Promise<Progress> {
  const deployment = await findServer(kubectl, name)
  if (deployment === undefined) return { kind: 'failed', reason: 'the Deployment was deleted', pod: undefined }
  return judgeRollout(deployment, await newestPods(kubectl, deployment))
}

async function newestPods(kubectl: Kubectl, deployment: LiveDeployment) {
  const { name } = deployment.metadata
  const [pods, revisions] = await Promise.all([podsOf(kubectl, name), revisionsOf(kubectl, name)])
  const newest = revisions.find(revision => revisionOf(revision) === revisionOf(deployment))
  return newest === undefined ? [] : pods.filter(pod => isOfRevision(pod, newest))
}

function describe(progress: Exclude<Progress, { kind: 'done' }>): string {
  if (progress.kind === 'waiting') return `${progress.ready} of ${progress.wanted} pods ready`
  return progress.pod === undefined ? progress.reason : `${progress.pod}: ${progress.reason}`
}

/** Waits until a stopped server has no pods. */
export async function waitForNoPods(kubectl: Kubectl, name: string, report: (line: string) => void): Promise<void> {
  let last = -1
  for (;;) {
    const { length } = await podsOf(kubectl, name)
    if (length === 0) return
    if (length !== last) report(`${length} ${length === 1 ? 'pod' : 'pods'} left`)
    last = length
    await sleep(INTERVAL)
  }
}

/** What kubelet prints in place of a log, with success, while it replaces the container that the log is of. */
const REPLACED = /^unable to retrieve container logs for /

/** The last lines of a pod: of the run that crashed, or of the one that does not get ready. */
export async function lastWords(kubectl: Kubectl, pod: string): Promise<string> {
  const words = ['logs', pod, '--tail', '20']
  for (let attempts = 10; attempts > 0; attempts--) {
    const logs = [await kubectl.run([...words, '--previous']), await kubectl.run(words)]
    const found = logs.filter(({ code, stdout }) => code === 0 && stdout.trim() !== '')
    const log = found.find(({ stdout }) => !REPLACED.test(stdout))
    if (log !== undefined || found.length === 0) return log?.stdout ?? ''
    await sleep(INTERVAL)
  }
  return ''
}
