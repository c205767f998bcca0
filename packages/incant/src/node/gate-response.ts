import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Exchange } from './exchange.ts'

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[]

/**
 * Node's response, which decides about the connection when the head is written, the last moment it can be told: what
 * has arrived of the body by then, or whether the server is stopping, is not known earlier.
 */
export class GateResponse extends ServerResponse<IncomingMessage> {
  exchange: Exchange | undefined

  override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
    this.exchange?.decideConnection()
    // The overloads of Node's method, called with whichever arguments came.
    return super.writeHead(status, reason as string, headers)
  }
}
