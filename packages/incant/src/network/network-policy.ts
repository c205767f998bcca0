import { AddressList } from './address-list.ts'
import { decideClientAddress } from './client-address.ts'
import type { ForwardingHeader } from './forwarded.ts'
import { HostList, hostOf, isHostName } from './host-list.ts'
import type { ServedNames } from './served-names.ts'

/** The network policy of one source: the options or a decorator. */
export interface PrivateRules {
  /** How messages name it: `allow`, `@privateNetwork`. */
  readonly origin: string
  readonly allow: readonly string[]
  readonly hosts: readonly string[]
}

/** Options of {@link NetworkPolicy}. */
export interface NetworkRules {
  /** All of them must be met. Empty: everybody is answered. */
  readonly privateRules: readonly PrivateRules[]
  readonly trustedProxies: readonly string[]
  readonly forwardingHeader: ForwardingHeader
  /** The names of the certificate that is served at the moment. */
  certificateNames(): readonly string[]
  /** Where nothing is private: the names that are answered. Undefined: all. */
  readonly names?: ServedNames | undefined
}

/** The origin and the target of a request, from its connection and its head. */
export interface RequestOrigin {
  readonly peer: string | undefined
  /** The server's address that the connection came in on. */
  readonly local: string | undefined
  /** The Host line, or what the target says in its place. */
  readonly authority: string | undefined
  /** A header's lines, joined by commas. */
  header(name: ForwardingHeader | 'x-forwarded-host'): string | undefined
}

/** The result of a policy for a request. */
export interface Judgement {
  /** Whether the request is answered; else it is as if nothing were here. */
  readonly isAnswered: boolean
  /** Whether it is answered because it comes from the private network. */
  readonly isInsider: boolean
  /** The address of the caller, as far as it is known. */
  readonly client: string | undefined
  /** The authority that the caller requested: behind a trusted proxy, that of the request to the proxy. */
  readonly authority: string | undefined
}

/** Decides which callers one listener answers. */
export class NetworkPolicy {
  readonly isPrivate: boolean
  /** Every caller that uses one of the server's names is answered, and its address is that of its connection. */
  readonly isIndifferent: boolean
  /** The lists of addresses, each with those it allows. */
  readonly allowed: readonly AddressList[]
  readonly trustedProxies: AddressList
  /** The names that are answered, where nothing is private. Undefined: all. */
  readonly names: ServedNames | undefined
  readonly #rules: NetworkRules
  readonly #hosts: readonly HostList[]

  /** @throws {StartupError} `invalid_option`, where an address or a name is none. */
  constructor(rules: NetworkRules) {
    const { privateRules, trustedProxies } = rules
    this.#rules = rules
    this.isPrivate = privateRules.length > 0
    this.allowed = privateRules.map(({ allow, origin }) => new AddressList(allow, origin))
    this.trustedProxies = new AddressList(trustedProxies, 'trustedProxies')
    this.names = rules.names
    this.isIndifferent = !this.isPrivate && trustedProxies.length === 0
    this.#hosts = privateRules
      .filter(({ hosts }) => hosts.length > 0)
      .map(({ hosts, origin }) => new HostList(hosts, origin))
  }

  /**
   * Whether the peer of a connection may learn what is wrong with bytes that are not a request. Bytes from a proxy may
   * come from anywhere.
   */
  explainsTo(peer: string | undefined): boolean {
    if (!this.isPrivate) return true
    return peer !== undefined && this.#allows(peer) && !this.trustedProxies.has(peer)
  }

  judge(origin: RequestOrigin): Judgement {
    const { trustedProxies, isPrivate } = this
    const header = this.#rules.forwardingHeader
    const client = decideClientAddress(origin.peer, origin.header(header), { trustedProxies, header })
    const authority = this.#askedFor(origin)
    if (!isPrivate) {
      const isAnswered = this.names?.has(origin.authority) ?? true
      // On a public listener, the proxy's address is used for a caller that it does not name.
      return { isAnswered, isInsider: false, client: client ?? origin.peer, authority }
    }
    const isInsider = client !== undefined && this.#allows(client) && this.#isOurs(origin)
    return { isAnswered: isInsider, isInsider, client, authority }
  }

  #askedFor({ peer, authority, header }: RequestOrigin): string | undefined {
    if (peer === undefined || !this.trustedProxies.has(peer)) return authority
    // The first proxy has written the first entry, and was asked by the browser itself.
    return header('x-forwarded-host')?.split(',', 1)[0]?.trim() || authority
  }

  #allows(address: string): boolean {
    return this.allowed.every(list => list.has(address))
  }

  /**
   * A page in an insider's browser can resolve its own name to this server's address; it cannot change the Host line.
   */
  #isOurs({ authority, local }: RequestOrigin): boolean {
    if (authority === undefined || authority === '') return false
    const host = hostOf(authority)
    if (this.#hosts.length > 0) return this.#hosts.every(list => list.has(host))
    const names = [...ownNames(local), ...this.#rules.certificateNames().filter(isHostName)]
    return new HostList(names, 'the certificate').has(host)
  }
}

const LOOPBACK = new AddressList(['127.0.0.0/8', '::1'], 'this machine')

function ownNames(local: string | undefined): readonly string[] {
  if (local === undefined) return []
  const address = local.replace(/%.*$/, '')
  return LOOPBACK.has(address) ? [address, 'localhost'] : [address]
}
