import type { IncomingMessage } from 'node:http'

const NAME_AND_PORT = /^[a-z0-9._-]+(?::(\d{1,5}))?$/i
const LITERAL_AND_PORT = /^\[[0-9a-f:.]+\](?::(\d{1,5}))?$/i

/**
 * Whether a Host line is `host` or `host:port`: a name, an IPv4 address or a bracketed IPv6 address. Checked by hand,
 * since a URL parser costs as much as the rest of the gate.
 */
export function isWellFormedHost(host: string): boolean {
  // Nearly every request of a server names the same one.
  if (host === lastWellFormed) return true
  if (!matchesHost(host)) return false
  lastWellFormed = host
  return true
}

let lastWellFormed: string | undefined

function matchesHost(host: string): boolean {
  const name = NAME_AND_PORT.exec(host)
  if (name !== null) return isPort(name[1])
  const literal = LITERAL_AND_PORT.exec(host)
  return literal !== null && isPort(literal[1]) && URL.canParse(`http://${host}`)
}

function isPort(digits: string | undefined): boolean {
  return digits === undefined || Number(digits) <= 65_535
}

/** The host and port of a request: a target in absolute form takes precedence over Host (RFC 9112 §3.2.2). */
export function askedAuthority({ url = '', headers }: IncomingMessage): string | undefined {
  const stated = url.startsWith('/') || !URL.canParse(url) ? '' : new URL(url).host
  return stated === '' ? headers.host : stated
}

/** Whether an absolute-form target and a Host line name the same host and port, and the target no user. */
export function namesSameAuthority(target: string, host: string): boolean {
  const url = new URL(target)
  const stated = new URL(`${url.protocol}//${host}`)
  return url.host === stated.host && url.username === '' && url.password === ''
}
