import type { Cancellation } from '../../engine/cancellation.ts'
import type { FaceExchange } from '../../faces/exchange.ts'
import { describeFailure } from '../../http/failure.ts'
import type { Problem } from '../../http/problem.ts'
import type { HeaderReader } from '../../http/request-source.ts'
import type { Logger } from '../../log/logger.ts'
import type { Principal } from '../../predictor/context.ts'
import type { Exchange } from '../exchange.ts'
import { matchPath } from './match-path.ts'

/** An exchange as a face sees it. */
export class ExchangeOfFace implements FaceExchange {
  readonly params: FaceExchange['params']
  readonly query: URLSearchParams
  readonly #exchange: Exchange
  readonly #logger: Logger
  readonly #publicUrl: string

  /** @param exchange - Its route is that of the face. */
  constructor(exchange: Exchange, { logger, publicUrl }: { readonly logger: Logger; readonly publicUrl: string }) {
    const { params, target = '' } = exchange.source
    const [path = '', query = ''] = splitTarget(target)
    this.#exchange = exchange
    this.#logger = logger
    this.#publicUrl = publicUrl
    this.params = params ?? matchPath(exchange.route, path) ?? {}
    this.query = new URLSearchParams(query)
  }

  get id(): string {
    return this.#exchange.id
  }

  get headers(): HeaderReader {
    return this.#exchange.headers
  }

  get body(): unknown {
    return this.#exchange.body
  }

  get principal(): Principal | undefined {
    return this.#exchange.principal
  }

  get cancellation(): Cancellation {
    return this.#exchange.cancellation
  }

  url(path: string): string {
    return addressOf(path, this.#exchange, this.#publicUrl)
  }

  describeBreak(thrown: unknown): Problem {
    const problem = describeFailure(thrown, this.id, this.#logger)
    this.#exchange.noteBreak(thrown)
    return problem
  }

  defer(task: () => unknown): void {
    this.#exchange.defer(task)
  }
}

/** A path and its query, as they were sent. */
function splitTarget(target: string): readonly string[] {
  const mark = target.indexOf('?')
  return mark === -1 ? [target] : [target.slice(0, mark), target.slice(mark + 1)]
}

/**
 * The address of a path of this server, as the caller reaches it.
 *
 * @param publicUrl - As the option says it. Empty: what the request names.
 */
export function addressOf(path: string, { source: { transport } }: Exchange, publicUrl: string): string {
  const { scheme = 'http', authority = 'localhost' } = transport
  return `${publicUrl === '' ? `${scheme}://${authority}` : publicUrl.replace(/\/+$/, '')}${path}`
}
