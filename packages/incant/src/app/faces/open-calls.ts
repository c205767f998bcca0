import { Cancellation } from '../../engine/cancellation.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { Exchange } from '../exchange.ts'

/** The calls of one exchange that are not over. None goes on once the answer of the exchange is. */
export class OpenCalls {
  readonly #exchange: Exchange
  readonly #open: Set<Cancellation> = new Set()
  #isWatching = false

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  /** Begins a call: its cancellation fires with that of the exchange. */
  begin(cancellation: Cancellation = new Cancellation()): Cancellation {
    this.#exchange.cancellation.onCancel(reason => cancellation.cancel(reason))
    this.#open.add(cancellation)
    if (!this.#isWatching) this.#exchange.defer(() => this.#endAll())
    this.#isWatching = true
    return cancellation
  }

  /** The call is over by itself. */
  end(cancellation: Cancellation): void {
    this.#open.delete(cancellation)
  }

  #endAll(): void {
    if (this.#open.size === 0) return
    const reason = new RequestError('client_closed')
    for (const cancellation of this.#open) cancellation.cancel(reason)
    this.#open.clear()
  }
}
