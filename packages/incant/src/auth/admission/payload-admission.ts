import { chain, type MaybePromise } from '../../async/maybe-promise.ts'
import type { Principal } from '../../predictor/context.ts'
import type { AuthStrategy, Verdict } from '../strategy.ts'
import type { Admission, Applicant } from './admission.ts'
import type { Authenticator } from './authenticator.ts'
import { evaluate, type Outcome } from './evaluate.ts'

/** The members of a payload that contain credentials, and their values. */
type Given = ReadonlyMap<string, unknown>

/** A request whose payload has a say, too. What its headers have said is remembered. */
export class PayloadAdmission implements Admission {
  readonly #authenticator: Authenticator
  readonly #applicant: Applicant
  readonly #verdicts = new Map<AuthStrategy, MaybePromise<Verdict>>()
  #pending = true
  #principal: Principal | undefined

  constructor(authenticator: Authenticator, applicant: Applicant) {
    this.#authenticator = authenticator
    this.#applicant = applicant
  }

  /** @throws {RequestError} where the headers alone rule the caller out. */
  examineHeaders(): MaybePromise<this> {
    const { requirement } = this.#authenticator
    const outcome = evaluate(requirement, strategy =>
      this.#remember(strategy, () => this.#authenticator.askAtOnce(strategy, this.#applicant)),
    )
    return chain(outcome, found => {
      if (found.state !== 'pending') this.#settle(found)
      return this
    })
  }

  takeCredentials = (payload: unknown): MaybePromise<unknown> => {
    const given = this.#takeMembers(payload)
    if (!this.#pending) {
      this.#refuseTwice(given)
      return payload
    }
    const outcome = evaluate(this.#authenticator.requirement, strategy =>
      this.#remember(strategy, () => this.#askPayload(strategy, given)),
    )
    return chain(outcome, found => {
      this.#settle(found)
      return payload
    })
  }

  complete(): Principal | undefined {
    if (!this.#pending) return this.#principal
    const [by] = this.#authenticator.payloadStrategies
    if (by === undefined) throw new Error('A request is pending, and nothing reads its payload.')
    throw this.#authenticator.refuse({ refused: 'missing', by }, this.#applicant)
  }

  #settle(outcome: Outcome): void {
    this.#principal = this.#authenticator.settle(outcome, this.#applicant)
    this.#pending = false
  }

  /** Asks once, however often a strategy occurs in the requirement and however often that is evaluated. */
  #remember(strategy: AuthStrategy, ask: () => MaybePromise<Verdict> | undefined): MaybePromise<Verdict> | undefined {
    const verdict = this.#verdicts.get(strategy) ?? ask()
    if (verdict !== undefined) this.#verdicts.set(strategy, verdict)
    return verdict
  }

  #askPayload(strategy: AuthStrategy, given: Given): MaybePromise<Verdict> {
    const credentials = strategy.reads === 'payload' ? given.get(strategy.member) : undefined
    if (strategy.reads !== 'payload' || typeof credentials !== 'string') return { refused: 'missing' }
    return this.#authenticator.ask(strategy, () => strategy.authenticate(credentials))
  }

  /** Takes out the members that contain credentials: own members of a JSON object only. */
  #takeMembers(payload: unknown): Given {
    const given = new Map<string, unknown>()
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return given
    for (const { member } of this.#authenticator.payloadStrategies) {
      if (!Object.hasOwn(payload, member)) continue
      given.set(member, Reflect.get(payload, member))
      Reflect.deleteProperty(payload, member)
    }
    return given
  }

  /** RFC 6750 §2: a client must not use more than one way to send its token in a request. */
  #refuseTwice(given: Given): void {
    const { payloadStrategies } = this.#authenticator
    const by = payloadStrategies.find(({ member }) => typeof given.get(member) === 'string')
    if (by !== undefined) throw this.#authenticator.refuse({ refused: 'malformed', by }, this.#applicant)
  }
}
