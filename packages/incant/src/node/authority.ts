const REGISTERED_NAME = /^[a-z0-9._-]+(?::\d{1,5})?$/i
const IP_LITERAL = /^\[[0-9a-f:.]+\](?::\d{1,5})?$/i

/** Whether a Host line holds `host` or `host:port`: a name, an IPv4 address or a bracketed IPv6 address. */
export function isWellFormedHost(host: string): boolean {
  if (!REGISTERED_NAME.test(host) && !IP_LITERAL.test(host)) return false
  return /^\[|:\d{5}$/.test(host) ? URL.canParse(`http://${host}`) : true
}

/** Whether an absolute-form target and a Host line name the same host and port, and the target no user. */
export function namesSameAuthority(target: string, host: string): boolean {
  const url = new URL(target)
  const stated = new URL(`${url.protocol}//${host}`)
  return url.host === stated.host && url.username === '' && url.password === ''
}
