import type { IncomingMessage } from 'node:http'
import type { ForwardingHeader } from '../../network/forwarded.ts'
import type { RequestOrigin } from '../../network/network-policy.ts'
import type { ListenerPlan } from '../listening/plan-listeners.ts'
import type { Connection } from './connection.ts'
import type { NodeTransport } from './node-transport.ts'

/** Decides whether a request is answered by this listener, and where it comes from. */
export function judgeExchange(exchange: NodeTransport, { network, routes }: ListenerPlan): void {
  // Who answers everybody, at every path, and trusts nobody's word on the address has nothing to find out.
  if (network.isIndifferent && routes === undefined) return
  const { incoming, connection } = exchange
  const judgement = network.judge(originOf(incoming, connection))
  const isServed = routes === undefined || routes.has(pathOf(incoming.url ?? ''))
  if (judgement.isAnswered && isServed) exchange.judgement = judgement
  else hideExchange(exchange, judgement.client ?? connection.address)
}

/**
 * Whether a caller may learn what is wrong with a request. Of its head, which may be damaged, only the name it asks for
 * is looked at.
 */
export function mayExplain(incoming: IncomingMessage, connection: Connection, { network }: ListenerPlan): boolean {
  return network.explainsTo(connection.address) && network.judge(originOf(incoming, connection)).isAnswered
}

function originOf(incoming: IncomingMessage, connection: Connection): RequestOrigin {
  return {
    peer: connection.address,
    local: connection.localAddress,
    authority: authorityOf(incoming.url ?? '') ?? incoming.headers.host,
    header: (name: ForwardingHeader) => joinLines(incoming.headers[name]),
  }
}

/** A path that no application has: whoever gets it is answered as if they had asked for it, to the byte. */
const NOWHERE = '/.nowhere'

/** Lets the application answer as if nothing were here. */
export function hideExchange(exchange: NodeTransport, client: string | undefined): void {
  const { incoming } = exchange
  exchange.judgement = { isAnswered: false, isInsider: false, client }
  incoming.url = NOWHERE
  // The adapter makes a URL of it, and answers one that is none in its own way.
  incoming.headers.host = 'localhost'
}

function joinLines(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(',') : value
}

/** Of a target in absolute form, which counts more than the Host line (RFC 9112 §3.2.2). */
function authorityOf(target: string): string | undefined {
  return target.startsWith('/') || !URL.canParse(target) ? undefined : new URL(target).host || undefined
}

/** As it was sent: another spelling of a path is another path here, and is not answered. */
function pathOf(target: string): string {
  const path = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '')
  return path.split('?', 1)[0] ?? ''
}
