import type { Socket } from 'node:net'
import { addressKey } from '../../auth/limits/address-key.ts'

/** Open connections for each that may have a request handled. The others wait, and cost a few KiB each. */
const OPEN_FOR_EACH = 8

/** Counts the connections that are open, so that one address cannot have all of them. */
export class OpenConnections {
  readonly maximum: number
  readonly #maximumOfAddress: number
  readonly #byAddress = new Map<string, number>()

  /** @param maxConnections - Connections whose requests are handled at once. */
  constructor(maxConnections: number) {
    this.maximum = maxConnections * OPEN_FOR_EACH
    this.#maximumOfAddress = Math.ceil((this.maximum * 3) / 4)
  }

  /** Counts a connection until it closes. False: its address has as many as it may. */
  take(socket: Socket): boolean {
    const { remoteAddress } = socket
    if (remoteAddress === undefined) return true
    const key = addressKey(remoteAddress)
    const open = this.#byAddress.get(key) ?? 0
    if (open >= this.#maximumOfAddress) return false
    this.#byAddress.set(key, open + 1)
    socket.once('close', () => this.#release(key))
    return true
  }

  #release(key: string): void {
    const open = (this.#byAddress.get(key) ?? 0) - 1
    if (open > 0) this.#byAddress.set(key, open)
    else this.#byAddress.delete(key)
  }
}
