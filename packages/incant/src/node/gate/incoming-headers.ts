import type { IncomingMessage } from 'node:http'
import type { HeaderReader } from '../../http/request-source.ts'

/** The headers as Node has parsed them, with the interface of the web's. Names must be in lower case. */
export class IncomingHeaders implements HeaderReader {
  readonly #incoming: IncomingMessage

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming
  }

  get(name: string): string | null {
    const value = this.#incoming.headers[name.toLowerCase()]
    // Only Set-Cookie is a list, and no request has one that counts.
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value
  }

  has(name: string): boolean {
    return this.#incoming.headers[name.toLowerCase()] !== undefined
  }
}
