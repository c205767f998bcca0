import type { Transport } from './transport.ts'

/** The header lines of a request, by name in any case: several lines of one name are joined. */
export type HeaderReader = Pick<Headers, 'get' | 'has'>

/** One request, as far as the application wants to know: from a web `Request`, or straight from a socket. */
export interface RequestSource {
  readonly method: string
  /** Its id, where something before the exchange had to know it. */
  readonly id?: string
  /** Where it is not the route's: that of a request that no route matched, or of an application that is mounted. */
  readonly path?: string
  /** The path and the query, as they were sent. */
  readonly target?: string | undefined
  /** The parameters of the path, decoded, where its router has found them. */
  readonly params?: Readonly<Record<string, string>> | undefined
  readonly headers: HeaderReader
  readonly transport: Transport
  /** When the caller stops waiting, as `performance.now()` has it. Undefined: nothing says so. */
  readonly deadline?: number
  /** The web `Request`, created on demand. */
  toRequest(): Request
}
