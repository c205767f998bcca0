import type { ReplicaSettings } from '../wire/protocol.ts'
import type { ReplicaCallHost } from './replica-call.ts'

/** What it takes to read bodies is loaded with the first of them. */
export function laterReader(plan: ReplicaSettings['reading']): ReplicaCallHost['readBody'] {
  let reader: Promise<ReplicaCallHost['readBody']> | undefined
  return async body => {
    reader ??= import('./unread-bodies.ts').then(({ unreadBodies }) => unreadBodies(plan))
    return (await reader)(body)
  }
}
