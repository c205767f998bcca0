import { isIPv4, isIPv6, SocketAddress } from 'node:net'
import { AddressList } from './address-list.ts'
import { plainAddress } from './plain-address.ts'

/**
 * IPv4 addresses that are not of the internet: the IANA IPv4 Special-Purpose Address Registry (RFC 6890) without the
 * blocks that are globally reachable, multicast (RFC 5771), and the platform service of Azure, whose address looks public.
 */
const RESERVED_IPV4 = new AddressList(
  [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
    ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
    ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16'],
  ],
  'the reserved addresses',
)

/** All unicast addresses of IPv6 that were ever given out (RFC 4291 §2.4): loopback, private and link-local ones are outside. */
const UNICAST_IPV6 = new AddressList(['2000::/3'], 'unicast')

/** Blocks in it that are not of the internet: protocols and Teredo, documentation, 6to4 (the IANA IPv6 registry). */
const RESERVED_IPV6 = new AddressList(
  ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
  'the reserved addresses',
)

/**
 * Whether an address is one of the internet. Everything is refused that is not known to be: loopback, private, shared,
 * link-local and its metadata services, multicast, documentation. What is no address is not public.
 *
 * @param address - An IPv4 address in a form of IPv6 is judged as the IPv4 address that it leads to.
 */
export function isPublicAddress(address: string): boolean {
  const target = targetAddress(address)
  if (isIPv4(target)) return !RESERVED_IPV4.has(target)
  return UNICAST_IPV6.has(target) && !RESERVED_IPV6.has(target)
}

/**
 * The address that a connection leads to in the end: of an IPv4 address in the IPv6 form that sockets use
 * (`::ffff:0:0/96`), and of one behind a NAT64 gateway (`64:ff9b::/96`, RFC 6052 §2.1), the IPv4 address.
 */
export function targetAddress(address: string): string {
  const plain = plainAddress(address)
  // An address with an interface is link-local, and in no form of this kind.
  if (!isIPv6(plain) || plain.includes('%')) return plain
  const canonical = plainAddress(new SocketAddress({ address: plain, family: 'ipv6' }).address)
  const embedded = /^64:ff9b::(?:([0-9a-f]{1,4}):)?([0-9a-f]{0,4})$/.exec(canonical)
  if (embedded === null) return canonical
  return embedded
    .slice(1)
    .map(group => Number.parseInt(group || '0', 16))
    .flatMap(group => [group >> 8, group & 255])
    .join('.')
}
