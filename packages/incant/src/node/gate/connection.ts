import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { addressKey } from '../../auth/limits/address-key.ts'
import type { ClientCertificate } from '../../http/transport.ts'
import { plainAddress } from '../../network/plain-address.ts'
import { readClientCertificate } from '../tls/client-certificate.ts'
import type { NodeTransport } from './node-transport.ts'

/** Time a caller that still sends is given to read its answer before the connection is torn down, in milliseconds. */
const LINGER_TIMEOUT = 500

/** The state of one connection between its requests. */
export class Connection {
  readonly socket: Socket
  /** Kept from the start: a closed socket has no address any more. */
  readonly address: string | undefined
  /** The key of its address for limits. */
  readonly addressKey: string | undefined
  /** The server's address that the connection came in on. */
  readonly localAddress: string | undefined
  readonly isEncrypted: boolean
  /** The client certificate that TLS has verified. */
  readonly certificate: ClientCertificate | undefined
  /** Exchanges whose response is not over; several where the caller pipelines. */
  readonly exchanges: NodeTransport[] = []
  /** The exchange that began last. */
  latest: NodeTransport | undefined
  /** The last response of this connection has been decided: what arrives later is not looked at. */
  closing = false

  readonly #stallTimeout: number
  #isCut = false

  /** @param stallTimeout - Milliseconds in which a reader has to take something of what waits for it. */
  constructor(socket: Socket, stallTimeout: number) {
    this.socket = socket
    this.#stallTimeout = stallTimeout
    this.address = plainAddress(socket.remoteAddress)
    this.addressKey = this.address === undefined ? undefined : addressKey(this.address)
    this.localAddress = plainAddress(socket.localAddress)
    this.isEncrypted = socket instanceof TLSSocket
    this.certificate = socket instanceof TLSSocket ? readClientCertificate(socket) : undefined
    socket.on('error', () => {})
    socket.once('close', () => this.#abandon())
  }

  /** Remembers an exchange until it is over. */
  begin(exchange: NodeTransport): void {
    this.exchanges.push(exchange)
    this.latest = exchange
  }

  /**
   * From now on, until Node sets its own timeout for the next request, the reader must take some of the waiting bytes
   * now and then. Most take all at once, and are not watched: a timer for each request costs more than a check.
   */
  watchReader(): void {
    if (this.socket.timeout !== this.#stallTimeout) this.socket.setTimeout(this.#stallTimeout)
  }

  /**
   * Whether it ended, from either side, with bytes still to be sent. Node counts dropped bytes as sent: the response
   * finishes all the same.
   */
  get isBroken(): boolean {
    return this.#isCut || this.socket.errored !== null
  }

  /** Ends it at once, even with bytes still to be sent. */
  cut(): void {
    this.#isCut ||= this.socket.writableLength > 0
    this.socket.destroy()
  }

  /** Takes no further request, and closes without cutting off the answer to a caller that is still sending. */
  closeAfterResponse(): void {
    if (this.closing) return
    this.closing = true
    // Node calls this when the last response of a connection has been written. Its own would close at once, and closing
    // with unread bytes is a reset, which takes the answer back out of the caller's receive buffer (RFC 9112 §9.6).
    this.socket.destroySoon = () => this.#linger()
  }

  /** Tears the connection down so that the caller knows it has not got everything. */
  reset(): void {
    // Node's reset goes through this, and would end the stream in good order first.
    this.socket.destroySoon = () => this.socket.destroy()
    // TLS has its own end of a stream; without it the caller knows that something is missing.
    if (this.isEncrypted) this.socket.destroy()
    else this.socket.resetAndDestroy()
  }

  /** Forgets an exchange that is over. */
  settle(exchange: NodeTransport): void {
    // Nearly always the only one, for which a set would cost more.
    const index = this.exchanges.indexOf(exchange)
    if (index !== -1) this.exchanges.splice(index, 1)
    if (this.closing && this.exchanges.length === 0) this.socket.destroySoon()
  }

  /** Sends what is pending, then takes and drops what still comes until the caller closes or the time is up. */
  #linger(): void {
    const { socket } = this
    if (socket.writableEnded || socket.destroyed) return
    socket.end(() => {
      const timer = setTimeout(() => socket.destroy(), LINGER_TIMEOUT)
      socket.once('close', () => clearTimeout(timer))
    })
    socket.resume()
  }

  #abandon(): void {
    for (const exchange of [...this.exchanges]) exchange.end()
  }
}
