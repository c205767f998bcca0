import { isIP, SocketAddress } from 'node:net'
import { StartupError } from '../errors/startup-error.ts'

/** Names and addresses under which a server may be called. `*.example.com` covers one more label. */
export class HostList {
  readonly #names: ReadonlySet<string>

  /**
   * @param origin The option or decorator that the names come from, for messages.
   * @throws {StartupError} `invalid_option`, where one is no name and no address.
   */
  constructor(names: readonly string[], origin: string) {
    this.#names = new Set(names.map(name => (isHostName(name) ? normalise(name) : refuse(name, origin))))
  }

  has(host: string): boolean {
    const name = normalise(host)
    return this.#names.has(name) || (isIP(name) === 0 && this.#names.has(name.replace(/^[^.]+/, '*')))
  }
}

/** The host of an authority, without its port: `example.com:443` → `example.com`, `[::1]:80` → `::1`. */
export function hostOf(authority: string): string {
  return /^\[([^\]]*)\]/.exec(authority)?.[1] ?? authority.replace(/:\d*$/, '')
}

/** Whether a text names a host: a name, with or without a wildcard in front, or an address. */
export function isHostName(text: unknown): text is string {
  return typeof text === 'string' && (isIP(text) !== 0 || /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/i.test(text))
}

/** The one spelling of a name or an address. */
function normalise(host: string): string {
  // Behind an address, an interface is allowed in no authority; Node accepts it as an address that needs no
  // normalising.
  if (isIP(host) === 6 && !host.includes('%')) return new SocketAddress({ address: host, family: 'ipv6' }).address
  return host.toLowerCase().replace(/\.$/, '')
}

function refuse(text: unknown, origin: string): never {
  throw new StartupError({
    code: 'invalid_option',
    found: `${origin} has ${JSON.stringify(text)}, which is neither a host name nor an address`,
    instead: 'Write names without scheme and port, such as model.internal.',
  })
}
