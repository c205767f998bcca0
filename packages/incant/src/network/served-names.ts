import { isIP } from 'node:net'
import { HostList, hostOf, isHostName } from './host-list.ts'

/** The options of {@link ServedNames}, beside the addresses and names of this machine. */
export interface ServedNamesOptions {
  readonly hosts: readonly string[]
  /** The names of the certificate that is served at the moment. */
  certificateNames(): readonly string[]
}

/**
 * The names under which a listener answers: every address, `localhost` and the names below it, those of the options and
 * of the certificate. A web page whose own name leads to this machine (DNS rebinding) is of the same origin for its
 * browser, and readable; it can change the address behind its name, and not the name in the `Host` line.
 */
export class ServedNames {
  readonly #hosts: HostList
  readonly #certificateNames: () => readonly string[]
  #lastServed: string | undefined

  /** @throws {StartupError} `invalid_option`, where a host is neither a name nor an address. */
  constructor({ hosts, certificateNames }: ServedNamesOptions) {
    this.#hosts = new HostList(hosts, 'allowedHosts')
    this.#certificateNames = certificateNames
  }

  /** Whether a request for an authority, with or without a port, is answered. One without comes from no browser. */
  has(authority: string | undefined): boolean {
    // Nearly every request of a server names the same one.
    if (authority === undefined || authority === this.#lastServed) return true
    if (!this.#hasHost(hostOf(authority))) return false
    this.#lastServed = authority
    return true
  }

  #hasHost(host: string): boolean {
    return isIP(host) !== 0 || isLocalName(host) || this.#hosts.has(host) || this.#isCertified(host)
  }

  #isCertified(host: string): boolean {
    const names = this.#certificateNames().filter(isHostName)
    return names.length > 0 && new HostList(names, 'the certificate').has(host)
  }
}

/** RFC 6761 §6.3: these never leave the machine. */
function isLocalName(host: string): boolean {
  return /^(?:[^.]+\.)*localhost\.?$/i.test(host)
}
