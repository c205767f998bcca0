import type { Server } from 'node:net'
import { StartupError, type StartupErrorOptions } from '../../errors/startup-error.ts'
import { bindSocketFile } from './bind-socket-file.ts'

/** An address to listen on. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** A unix socket in the place of host and port. */
  readonly path?: string
  /** A socket that is bound already. */
  readonly fd?: number
}

/**
 * Binds a server. Returns its URL, or `unix:` and the path of its socket.
 *
 * @throws {StartupError} `port_in_use`, `permission_denied`, `address_unavailable`.
 */
export async function listen(
  server: Server,
  address: ListenAddress,
  scheme: 'http' | 'https' = 'http',
): Promise<string> {
  if (address.path !== undefined && address.fd === undefined) await bindSocketFile(server, address.path)
  else await bind(server, address)
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port
  return urlOf({ ...address, port }, scheme)
}

/** The URL of an address that is bound, or `unix:` and the path of its socket. */
export function urlOf({ host, port, path }: ListenAddress, scheme: 'http' | 'https'): string {
  return path === undefined ? `${scheme}://${reachableHost(host)}:${port}` : `unix:${path}`
}

function bind(server: Server, address: ListenAddress): Promise<void> {
  const { host, port, fd } = address
  return new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(describeListenError(error, address))
    server.once('error', fail)
    server.listen(fd === undefined ? { host, port } : { fd }, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

/** A wildcard is an address to listen on, not one to open in a browser. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

function describeListenError(cause: NodeJS.ErrnoException, { host, port }: ListenAddress): Error {
  const described = LISTEN_ERRORS[cause.code ?? '']?.(host, port)
  return described === undefined ? cause : new StartupError({ ...described, cause })
}

type Describe = (host: string, port: number) => StartupErrorOptions

const unavailable: Describe = host => ({
  code: 'address_unavailable',
  found: `the host "${host}" is not an address of this machine`,
  instead: 'Use 127.0.0.1 for this machine only, or 0.0.0.0 for all its networks.',
})

const LISTEN_ERRORS: Readonly<Record<string, Describe>> = {
  EADDRINUSE: (host, port) => ({
    code: 'port_in_use',
    found: `port ${port} on ${host} is in use by another process`,
    instead: `Stop that process, or choose another port: --port ${port + 1}, or --port 0 for any free one.`,
  }),
  EACCES: (_host, port) => ({
    code: 'permission_denied',
    found: `this user is not allowed to listen on port ${port}`,
    instead: 'Use a port of 1024 or above, such as --port 8000.',
  }),
  EADDRNOTAVAIL: unavailable,
  ENOTFOUND: unavailable,
  EAI_AGAIN: unavailable,
  EINVAL: unavailable,
}
