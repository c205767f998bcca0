import type { AddressList } from './address-list.ts'
import { type ForwardingHeader, readForwarded } from './forwarded.ts'

/** Whose word counts on where a request comes from. */
export interface ForwardingPolicy {
  readonly trustedProxies: AddressList
  readonly header: ForwardingHeader
}

/**
 * The address that a request comes from: the peer of the connection, unless that is a trusted proxy: then the
 * forwarding header is read from right to left, since each proxy adds to its end, up to the first address that is not a
 * trusted proxy's. The text left of that one may be the caller's invention.
 *
 * @param value The forwarding header, all lines joined. Undefined where there is none.
 * @returns Undefined where it is unknown: the proxy does not say, or not in a readable form.
 */
export function decideClientAddress(
  peer: string | undefined,
  value: string | undefined,
  policy: ForwardingPolicy,
): string | undefined {
  if (peer === undefined || !policy.trustedProxies.has(peer)) return peer
  if (value === undefined) return undefined
  let last: string | undefined
  for (const address of readForwarded(policy.header, value).toReversed()) {
    if (address === undefined || !policy.trustedProxies.has(address)) return address
    last = address
  }
  // A proxy's own request, or one for another proxy.
  return last
}
