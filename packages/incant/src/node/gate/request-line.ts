import type { AddressList } from '../../network/address-list.ts'
import type { ResolvedServerSettings } from '../../options/server-options.ts'
import type { GateRefusal } from './gate-refusal.ts'
import { Turns } from './turns.ts'

/** The options of a {@link RequestLine}. */
export interface RequestLineOptions {
  readonly settings: ResolvedServerSettings
  /** They forward for many callers, so that their connections have no separate limit. */
  readonly trustedProxies: AddressList
}

/** A request, as far as its turn is concerned. */
export interface WaitingRequest {
  readonly connection: { readonly address: string | undefined; readonly addressKey: string | undefined }
  /** Whether it asks how the server is: such a request waits for no turn. */
  readonly isProbe: boolean
  /** Gives back its turn among the requests of the server, or its place among those that wait. */
  leaveTurn: (() => void) | undefined
}

/** The outcomes of a request: exactly one of these is called, once. */
export interface RequestFate {
  begin(): void
  refuse(refusal: GateRefusal): void
  /** Its caller has left while it waited. */
  leave(): void
}

/**
 * Where requests wait until they can be handled. As with nginx's `limit_conn`, a connection counts while it has a request
 * that is being handled. The others are open, and cost little: to close them without an answer makes their callers
 * connect again at once, which costs more than all the rest.
 */
export class RequestLine {
  readonly #turns: Turns
  readonly #trustedProxies: AddressList
  readonly #patience: number

  constructor({ settings, trustedProxies }: RequestLineOptions) {
    this.#turns = new Turns({ total: settings.maxConnections, perAddress: limitOfAddress(settings) })
    this.#trustedProxies = trustedProxies
    this.#patience = settings.headersTimeout
  }

  /** Begins a request now, or in its turn. */
  enter(exchange: WaitingRequest, fate: RequestFate): void {
    // Those that ask whether the server is well do not wait for those that keep it busy.
    if (exchange.isProbe) fate.begin()
    else this.#enter(exchange, fate)
  }

  #enter(exchange: WaitingRequest, fate: RequestFate): void {
    const address = this.#addressOf(exchange)
    const begin = () => {
      exchange.leaveTurn = () => this.#turns.leave(address)
      fate.begin()
    }
    if (this.#turns.take(address)) begin()
    else this.#wait(exchange, { ...fate, begin }, address)
  }

  /** Nothing waits from now on. */
  open(): void {
    this.#turns.open()
  }

  #wait(exchange: WaitingRequest, { begin, refuse, leave }: RequestFate, address: string | undefined): void {
    const giveUp = this.#turns.wait(address, () => {
      clearTimeout(timer)
      begin()
    })
    const timer = setTimeout(() => {
      exchange.leaveTurn = undefined
      giveUp()
      refuse(TOO_BUSY)
    }, this.#patience)
    exchange.leaveTurn = () => {
      clearTimeout(timer)
      giveUp()
      leave()
    }
  }

  #addressOf({ connection }: WaitingRequest): string | undefined {
    const { address, addressKey } = connection
    return address === undefined || this.#trustedProxies.has(address) ? undefined : addressKey
  }
}

const TOO_BUSY: GateRefusal = {
  code: 'too_many_connections',
  detail: 'The server handles as many requests as it may.',
  retryAfter: 1,
}

/** A quarter unless something else is said. */
function limitOfAddress({ maxConnections, maxConnectionsPerAddress }: ResolvedServerSettings): number {
  return maxConnectionsPerAddress === 0 ? Math.ceil(maxConnections / 4) : maxConnectionsPerAddress
}
