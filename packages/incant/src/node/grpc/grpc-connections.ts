import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { addressKey } from '../../auth/limits/address-key.ts'
import type { ClientCertificate } from '../../http/transport.ts'
import { plainAddress } from '../../network/plain-address.ts'
import { readClientCertificate } from '../tls/client-certificate.ts'
import type { ConnectionEnds } from './grpc-module.ts'

/** The facts about a connection from its socket. */
export interface GRPCConnection {
  readonly socket: Socket
  readonly address: string | undefined
  /** The key of its address for limits. */
  readonly addressKey: string | undefined
  /** The server's address that the connection came in on. */
  readonly localAddress: string | undefined
  readonly isEncrypted: boolean
  /** The client certificate that TLS has verified. */
  readonly certificate: ClientCertificate | undefined
}

/**
 * The open connections. A call names the one that it came on by both of its ends, which no two open connections of one
 * listener share.
 */
export class GRPCConnections {
  readonly #byEnds = new Map<string, GRPCConnection>()

  add(socket: Socket): void {
    const key = keyOf(socket)
    const address = plainAddress(socket.remoteAddress)
    this.#byEnds.set(key, {
      socket,
      address,
      addressKey: address === undefined ? undefined : addressKey(address),
      localAddress: plainAddress(socket.localAddress),
      isEncrypted: socket instanceof TLSSocket,
      certificate: socket instanceof TLSSocket ? readClientCertificate(socket) : undefined,
    })
    socket.once('close', () => {
      if (this.#byEnds.get(key)?.socket === socket) this.#byEnds.delete(key)
    })
  }

  /** Undefined: it is closed already. */
  find(ends: ConnectionEnds): GRPCConnection | undefined {
    return this.#byEnds.get(keyOf(ends))
  }
}

function keyOf({ remoteAddress, remotePort, localAddress, localPort }: ConnectionEnds): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
