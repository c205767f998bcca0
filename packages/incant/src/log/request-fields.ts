/** What is known of a request when it is over. */
export interface RequestFacts {
  readonly requestId: string
  readonly method: string
  /** The pattern of the route. */
  readonly route: string
  readonly status: number
  /** Milliseconds. */
  readonly ms: number
  /** Bytes of the whole answer, where the runtime tells. */
  readonly bytes: number | undefined
  /** The caller's address. */
  readonly client: string | undefined
  readonly principal: string | undefined
  readonly reason: string | undefined
  /** How many requests the line stands for, where it is more than this one. */
  readonly count: number | undefined
}

/** The fields of a request's line. A class, so that a logger can tell the line that there is most of from all others. */
export class RequestFields implements RequestFacts {
  readonly [name: string]: unknown
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly ms: number
  readonly bytes: number | undefined
  readonly client: string | undefined
  readonly principal: string | undefined
  readonly reason: string | undefined
  readonly count: number | undefined

  constructor(facts: RequestFacts) {
    this.requestId = facts.requestId
    this.method = facts.method
    this.route = facts.route
    this.status = facts.status
    this.ms = facts.ms
    this.bytes = facts.bytes
    this.client = facts.client
    this.principal = facts.principal
    this.reason = facts.reason
    this.count = facts.count
  }
}
