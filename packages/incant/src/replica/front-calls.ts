import { NumberMap } from '../collections/number-map.ts'
import type { PredictCall } from '../engine/engine.ts'
import type { PredictAnswer } from '../http/predict-io.ts'
import { FrontCall, type FrontCallHost } from './front-call.ts'
import { NotStartedError } from './not-started-error.ts'
import { Pulse } from './pulse.ts'
import type { SpawnedReplica } from './spawn-replica.ts'
import type { Channel } from './wire/channel.ts'
import { ClaimLine } from './wire/claim-line.ts'
import { LAST_NUMBER } from './wire/claims.ts'
import { toMachineTime } from './wire/machine-clock.ts'
import type { FromReplica, ToReplica } from './wire/protocol.ts'
import type { EncodedCall } from './wire/wire-call.ts'

/** Messages that concern one call. */
type CallMessage = Parameters<FrontCall['receive']>[0]

/** Options of {@link FrontCalls}. */
export interface FrontCallsOptions {
  readonly channel: Channel<ToReplica, FromReplica>
  readonly claims: SpawnedReplica['claims']
  readonly begun: SpawnedReplica['begun']
  /** The longest time in which a replica must confirm a cancelled call, in milliseconds. */
  readonly hangTimeout: number
  /** It hangs: nothing will come of it any more. */
  onHang(): void
}

/** The calls that one replica has, and how it keeps up with them: from the number each gets to the last word on it. */
export class FrontCalls {
  readonly pulse: Pulse
  readonly #channel: Channel<ToReplica, FromReplica>
  readonly #claims: ClaimLine
  readonly #begun: SpawnedReplica['begun']
  readonly #host: FrontCallHost = this.#makeHost()
  readonly #calls: NumberMap<FrontCall> = new NumberMap()
  #onIdle: (() => void) | undefined
  #dead = false
  #next = 0
  #served = 0
  #inFlight = 0

  constructor({ channel, claims, begun, hangTimeout, onHang }: FrontCallsOptions) {
    this.#channel = channel
    this.#begun = begun
    this.#claims = new ClaimLine(
      claims,
      n => this.#start(n),
      n => this.#calls.get(n)?.withdraw(),
    )
    this.pulse = new Pulse({
      ...{ hangTimeout, onHang },
      calls: () => this.#calls.values(),
      ask: () => this.#channel.send({ type: 'ping' }),
    })
  }

  /** Calls predict is not done with, or has yet to begin. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether nothing is left: no call, and no deferred work. */
  get idle(): boolean {
    return this.#calls.size === 0
  }

  /** Calls taken so far. */
  get served(): number {
    return this.#served
  }

  /**
   * Has the replica call predict.
   *
   * @param onDone - Called once when predict is done with the call, or will never have it.
   * @throws What predict threw; the reason of the cancellation as soon as it fires; {@link NotStartedError}.
   */
  predict(call: PredictCall, encoded: EncodedCall, onDone: () => void): Promise<PredictAnswer> {
    if (this.#dead) {
      onDone()
      return Promise.reject(new NotStartedError('the replica was gone already'))
    }
    this.#next = this.#next === LAST_NUMBER ? 1 : this.#next + 1
    const n = this.#next
    const front = new FrontCall({ n, call, encoded, host: this.#host, onDone })
    this.#calls.set(n, front)
    this.#served += 1
    this.#inFlight += 1
    this.pulse.expect(front)
    const { attached, pieces } = encoded
    const sentAt = toMachineTime(front.sentAt)
    this.#channel.send({ type: 'call', n, sentAt, call: encoded.call, attached, pieces })
    return front.answer()
  }

  /**
   * Asks for all calls back that predict has not begun. They fail with {@link NotStartedError} as they come back, or
   * after enough attempts: a suspended replica does not answer.
   */
  takeBackWaiting(): void {
    for (const call of this.#calls.values()) if (call.waiting) call.takeBack()
  }

  receive(message: CallMessage): void {
    this.pulse.hear()
    if (message.type === 'cancelled') this.pulse.noteSign(message.n)
    this.#calls.get(message.n)?.receive(message)
  }

  /** Settles when nothing is left. */
  whenIdle(): Promise<void> {
    if (this.idle) return Promise.resolve()
    return new Promise(resolve => {
      this.#onIdle = resolve
    })
  }

  /** The replica is gone, and everything it had to say has been read. */
  bury(reason: Error): void {
    this.#dead = true
    this.pulse.stop()
    for (const call of this.#calls.values()) call.die(reason)
    this.#calls.clear()
    this.#begun.close()
    this.#onIdle?.()
  }

  #makeHost(): FrontCallHost {
    return {
      send: message => this.#channel.send(message),
      hasBegun: ({ n }) => this.#begun.has(n),
      onDone: call => {
        this.#inFlight -= 1
        this.pulse.end(call)
      },
      onOver: ({ n }) => {
        this.#calls.delete(n)
        if (this.idle) this.#onIdle?.()
      },
      onStopping: call => this.pulse.expectSign(call),
      takeBack: ({ n }) => this.#claims.takeBack(n),
    }
  }

  #start(n: number): void {
    const call = this.#calls.get(n)
    this.pulse.begin(call)
    call?.start()
  }
}
