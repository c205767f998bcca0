import type { LiveDeployment, LivePod } from '../kubectl/objects.ts'
import { describeEnd } from '../rollout/progress.ts'
import { table } from '../terminal/table.ts'

/** The state of a server in a word. */
export function stateOf({ spec, status }: LiveDeployment): 'stopped' | 'ready' | 'updating' | 'not ready' {
  if (spec.replicas === 0) return 'stopped'
  const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status
  if (updatedReplicas === spec.replicas && replicas === updatedReplicas && availableReplicas === updatedReplicas)
    return 'ready'
  return availableReplicas > 0 ? 'updating' : 'not ready'
}

/** The image that a server is to run. */
export function imageOf({ spec }: LiveDeployment): string {
  return spec.template.spec.containers[0]?.image ?? ''
}

/** Servers as a table. */
export function showServers(servers: readonly LiveDeployment[]): string {
  const rows = servers.map(server => [
    server.metadata.name,
    server.metadata.namespace,
    stateOf(server),
    `${server.status.readyReplicas ?? 0}/${server.spec.replicas}`,
    imageOf(server),
  ])
  return table([['NAME', 'NAMESPACE', 'STATE', 'READY', 'IMAGE'], ...rows])
}

/** The pods of a server as a table: the last end of each says why it was restarted. */
export function showPods(pods: readonly LivePod[]): string {
  const rows = pods.map(pod => {
    const [container] = pod.status.containerStatuses
    const end = container?.lastState.terminated
    return [
      pod.metadata.name,
      podState(pod),
      String(container?.restartCount ?? 0),
      end === undefined ? '-' : `${describeEnd(end)} at ${end.finishedAt}`,
    ]
  })
  return table([['POD', 'STATE', 'RESTARTS', 'LAST END'], ...rows])
}

/** The state of a pod in a word. */
export function podState({ metadata, status }: LivePod): string {
  const [container] = status.containerStatuses
  if (metadata.deletionTimestamp !== undefined) return 'draining'
  if (container?.ready === true) return 'ready'
  return container?.state.waiting?.reason || (status.phase === 'Running' ? 'starting' : status.phase.toLowerCase())
}
