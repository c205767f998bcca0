import { BlockList, isIP } from 'node:net'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/**
 * A warning about a server that others can reach without credentials. Undefined where there is nothing to warn about.
 *
 * @param isProtected Whether callers are authenticated.
 */
export function describeExposure(host: string, isProtected: boolean): string | undefined {
  if (isProtected || isLoopback(host)) return undefined
  return `ANYONE who reaches ${host} can call this predictor: it listens beyond this machine and requires no credentials`
}

/** Whether only this machine reaches a host. */
export function isLoopback(host: string): boolean {
  const family = isIP(host)
  return family === 0 ? host === 'localhost' : LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
