import { describeHealth } from '../../faces/grpc/health.ts'
import { STATUS } from '../../faces/grpc/status.ts'
import type { GRPCCall } from './grpc-module.ts'
import { refuseCall } from './grpc-transport.ts'

/** How often the health is looked at while somebody watches it, in milliseconds. */
const INTERVAL = 1000

/** Calls that are told when the health of the server changes. */
export class GRPCWatchers {
  readonly #isReady: () => boolean
  readonly #calls = new Set<GRPCCall>()
  #told: boolean
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(isReady: () => boolean) {
    this.#isReady = isReady
    this.#told = isReady()
  }

  /** Tells a call, which has been told the health as it is now, of every change until it ends. */
  add(call: GRPCCall): void {
    if (this.#calls.size === 0) this.#told = this.#isReady()
    this.#calls.add(call)
    call.once('cancelled', () => this.#remove(call))
    this.#timer ??= setInterval(() => this.look(), INTERVAL).unref()
  }

  /** Looks at the health now. */
  look(): void {
    const isReady = this.#isReady()
    if (isReady === this.#told) return
    this.#told = isReady
    for (const call of this.#calls) call.write(describeHealth(isReady))
  }

  /** Ends all of them. */
  end(): void {
    for (const call of [...this.#calls]) {
      refuseCall(call, { code: STATUS.unavailable, details: 'The server is shutting down.' })
      this.#remove(call)
    }
  }

  #remove(call: GRPCCall): void {
    this.#calls.delete(call)
    if (this.#calls.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
