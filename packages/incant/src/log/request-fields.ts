/**
 * The fields of a request's line, known when the request is over. A class, so that a logger can recognize this most
 * frequent line.
 */
export class RequestFields {
  readonly [name: string]: unknown
  readonly requestId: string
  readonly method: string
  /** The pattern of the route. */
  readonly route: string
  /** Undefined: that of `/predict`, or none. */
  readonly protocol: string | undefined
  readonly status: number
  /** Milliseconds. */
  readonly ms: number
  /** Bytes of the whole answer, where the runtime counts them. */
  readonly bytes: number | undefined
  /** The caller's address. */
  readonly client: string | undefined
  readonly principal: string | undefined
  readonly reason: string | undefined
  /** Of a payload that does not match its type: the first place, and what must be there. Never what was. */
  readonly issue: string | undefined
  /** How many requests the line represents, where it is more than this one. */
  readonly count: number | undefined

  /** @param fields - The same, as a literal. */
  constructor(fields: RequestFields) {
    this.requestId = fields.requestId
    this.method = fields.method
    this.route = fields.route
    this.protocol = fields.protocol
    this.status = fields.status
    this.ms = fields.ms
    this.bytes = fields.bytes
    this.client = fields.client
    this.principal = fields.principal
    this.reason = fields.reason
    this.issue = fields.issue
    this.count = fields.count
  }
}
