import type { IncomingMessage } from 'node:http'
import type { ForwardingHeader } from '../../network/forwarded.ts'
import type { RequestOrigin } from '../../network/network-policy.ts'
import type { ListenerPlan } from '../listening/plan-listeners.ts'
import { askedAuthority, isWellFormedHost } from './authority.ts'
import type { Connection } from './connection.ts'
import type { NodeTransport } from './node-transport.ts'

/**
 * Decides whether a request is answered by this listener, and where it comes from.
 *
 * @returns The requested host, if the request is refused because that is not a name of a public listener.
 */
export function judgeExchange(
  exchange: NodeTransport,
  { network, routes, visibility }: ListenerPlan,
): string | undefined {
  const { incoming, connection } = exchange
  // A listener that answers every caller at every path, and trusts no proxy, has nothing else to find out.
  const isIndifferent = network.isIndifferent && routes === undefined
  if (isIndifferent && (network.names === undefined || network.names.has(askedAuthority(incoming)))) return undefined
  const authority = askedAuthority(incoming)
  const judgement = network.judge(originOf(incoming, connection))
  const isServed = routes === undefined || routes.has(pathOf(incoming.url ?? ''))
  // A private predictor answers on the listener of probes, too, which shows nothing of it.
  const isInsider = judgement.isInsider || visibility === 'probes'
  if (judgement.isAnswered && isServed) exchange.judgement = { ...judgement, isInsider }
  else hideExchange(exchange, judgement.client ?? connection.address)
  return network.names?.has(authority) === false ? authority : undefined
}

/**
 * Whether a caller may learn what is wrong with a request. Of its head, which may be damaged, only the requested name
 * is read.
 */
export function mayExplain(incoming: IncomingMessage, connection: Connection, { network }: ListenerPlan): boolean {
  if (network.isPrivate) {
    return network.explainsTo(connection.address) && network.judge(originOf(incoming, connection)).isAnswered
  }
  const authority = askedAuthority(incoming)
  // A page that resolves its own name to this server sends that name well formed.
  const isNamed = authority !== undefined && isWellFormedHost(authority)
  return !isNamed || network.names === undefined || network.names.has(authority)
}

function originOf(incoming: IncomingMessage, connection: Connection): RequestOrigin {
  return {
    peer: connection.address,
    local: connection.localAddress,
    authority: askedAuthority(incoming),
    header: (name: ForwardingHeader | 'x-forwarded-host') => joinLines(incoming.headers[name]),
  }
}

/** A path that no application has: the request gets the answer for that path, byte for byte. */
const NOWHERE = '/.nowhere'

/** Lets the application answer as if nothing were here. */
export function hideExchange(exchange: NodeTransport, client: string | undefined): void {
  const { incoming } = exchange
  exchange.judgement = { isAnswered: false, isInsider: false, client, authority: undefined }
  incoming.url = NOWHERE
  // The adapter parses it as a URL, and answers an invalid one in its own way.
  incoming.headers.host = 'localhost'
}

function joinLines(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(',') : value
}

/** As it was sent: another spelling of a path is another path here, and is not answered. */
function pathOf(target: string): string {
  const path = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '')
  return path.split('?', 1)[0] ?? ''
}
