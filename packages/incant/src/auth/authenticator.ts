import type { RequestError } from '../errors/request-error.ts'
import type { Logger } from '../log/logger.ts'
import type { Principal } from '../predictor/context.ts'
import type { Admission, Applicant } from './admission.ts'
import { askStrategy } from './ask.ts'
import { refuse } from './challenge.ts'
import { evaluate, type Outcome } from './evaluate.ts'
import { type Limits, makeLimits } from './limits/limits.ts'
import { type Access, readPolicy } from './policy/policy.ts'
import type { Requirement } from './policy/requirement.ts'
import type { SecretReader } from './secret-reader.ts'
import type { AuthStrategy, PayloadStrategy, Verdict } from './strategy.ts'

/** What an {@link Authenticator} is made of. */
export interface AuthenticatorOptions {
  /** The predictor class, with what its decorators have left. */
  readonly predictor: { readonly name: string }
  readonly logger: Logger
  readonly secrets: SecretReader
  /** Milliseconds a strategy may take. */
  readonly authTimeout: number
  /** Failed attempts an address may make a minute. 0: no limit. */
  readonly maxAuthFailures: number
}

/**
 * Owns the decision who reaches predict. It is bound to the class and not to a path, so there is no second way around it.
 *
 * 1. `admit` looks at the headers, before the body is read and before `100 Continue` is sent.
 * 2. `takeCredentials` looks at the parsed payload, before it is validated, where a strategy reads it.
 * 3. `complete` is the last word: without it there is no principal, and a payload that never came lets nobody in.
 */
export class Authenticator {
  /** `open`: nothing was said. `public`: `@publicAccess()`. `protected`: callers authenticate. */
  readonly access: Access
  readonly strategies: readonly AuthStrategy[]
  /** All that is required, as one requirement. */
  readonly requirement: Requirement
  readonly #options: AuthenticatorOptions
  readonly #limits: Limits
  readonly #payloadStrategies: readonly PayloadStrategy[]
  readonly #guessable: boolean

  /** @throws {StartupError} `invalid_auth`, naming decorator and class. */
  constructor(options: AuthenticatorOptions) {
    const policy = readPolicy(options.predictor, options)
    this.access = policy.access
    this.requirement = policy.requirement
    this.strategies = policy.strategies
    this.#options = options
    this.#limits = makeLimits(policy.rates, options.maxAuthFailures)
    this.#payloadStrategies = policy.strategies.filter(strategy => strategy.reads === 'payload')
    this.#guessable = policy.strategies.some(strategy => strategy.guessable !== false)
    this.#open = policy.access === 'protected' || policy.rates.length > 0 ? undefined : OPEN
  }

  /** What every request gets where nothing is asked of any. */
  readonly #open: Admission | undefined

  /** The names of the payload's members that strategies take out. */
  get members(): readonly string[] {
    return this.#payloadStrategies.map(strategy => strategy.member)
  }

  /**
   * Looks at a request's headers.
   *
   * @throws {RequestError} `unauthorized`, `invalid_credentials`, `malformed_credentials`, `insufficient_scope`,
   * `rate_limited`, `auth_failed`, `auth_unavailable`.
   */
  admit(applicant: Applicant): Admission | Promise<Admission> {
    return this.#open ?? this.#examine(applicant)
  }

  async close(): Promise<void> {
    await Promise.all(this.strategies.map(strategy => strategy.close?.()))
  }

  async #examine(applicant: Applicant): Promise<Admission> {
    if (this.#guessable) this.#limits.checkFailures(applicant.address)
    const verdicts = new Map<AuthStrategy, Promise<Verdict>>()
    const outcome = await evaluate(this.requirement, async strategy => {
      if (strategy.reads === 'payload') return undefined
      return remember(verdicts, strategy, () => this.#ask(strategy, () => strategy.authenticate(applicant.headers)))
    })
    let principal = this.#settle(outcome, applicant)
    let pending = outcome.state === 'pending'
    const takeCredentials = async (payload: unknown): Promise<unknown> => {
      const given = this.#takeMembers(payload)
      if (!pending) {
        this.#refuseTwice(given, applicant)
        return payload
      }
      principal = await this.#examinePayload(given, verdicts, applicant)
      pending = false
      return payload
    }
    return {
      takeCredentials: this.#payloadStrategies.length === 0 ? undefined : takeCredentials,
      complete: () => (pending ? this.#refuseAbsent() : principal),
    }
  }

  async #examinePayload(
    given: ReadonlyMap<string, unknown>,
    verdicts: Map<AuthStrategy, Promise<Verdict>>,
    applicant: Applicant,
  ): Promise<Principal | undefined> {
    const outcome = await evaluate(this.requirement, strategy =>
      remember(verdicts, strategy, () => this.#askPayload(strategy, given)),
    )
    // Everything has been read: what is not known now never will be.
    if (outcome.state === 'pending') return this.#refuseAbsent()
    return this.#settle(outcome, applicant)
  }

  async #askPayload(strategy: AuthStrategy, given: ReadonlyMap<string, unknown>): Promise<Verdict> {
    const credentials = strategy.reads === 'payload' ? given.get(strategy.member) : undefined
    if (strategy.reads !== 'payload' || typeof credentials !== 'string') return { refused: 'missing' }
    return this.#ask(strategy, () => strategy.authenticate(credentials))
  }

  #ask(strategy: AuthStrategy, work: () => Verdict | Promise<Verdict>): Promise<Verdict> {
    const { authTimeout: timeout, logger } = this.#options
    return askStrategy(strategy, work, { timeout, logger })
  }

  /** Turns an outcome into a principal, or into the answer that keeps the caller out. */
  #settle(outcome: Outcome, applicant: Applicant): Principal | undefined {
    if (outcome.state === 'pending') return undefined
    if (outcome.state === 'refused') throw this.#refusal(outcome, applicant)
    if (outcome.principal !== undefined) applicant.identify(outcome.principal)
    this.#limits.takeCall(outcome.principal?.id ?? applicant.address ?? '')
    return outcome.principal
  }

  #refusal({ cause }: Extract<Outcome, { state: 'refused' }>, applicant: Applicant): RequestError {
    if (cause.refused === 'invalid' || cause.refused === 'malformed') {
      this.#limits.checkFailures(applicant.address)
      this.#limits.noteFailure(applicant.address)
    }
    return refuse(cause, this.strategies)
  }

  /** Takes the members that hold credentials out of a payload: own members of a JSON object, and of nothing else. */
  #takeMembers(payload: unknown): ReadonlyMap<string, unknown> {
    const given = new Map<string, unknown>()
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return given
    for (const { member } of this.#payloadStrategies) {
      if (!Object.hasOwn(payload, member)) continue
      given.set(member, Reflect.get(payload, member))
      Reflect.deleteProperty(payload, member)
    }
    return given
  }

  /** RFC 6750 §2: a client must not use more than one way to send its token in a request. */
  #refuseTwice(given: ReadonlyMap<string, unknown>, applicant: Applicant): void {
    const twice = this.#payloadStrategies.find(strategy => typeof given.get(strategy.member) === 'string')
    if (twice === undefined) return
    throw this.#refusal({ state: 'refused', cause: { refused: 'malformed', by: twice } }, applicant)
  }

  #refuseAbsent(): never {
    const [by] = this.#payloadStrategies
    if (by === undefined) throw new Error('A request is pending and nothing reads its payload.')
    throw refuse({ refused: 'missing', by }, this.strategies)
  }
}

const OPEN: Admission = { complete: () => undefined }

/** Asks once, however often a strategy stands in a requirement and however often that is evaluated. */
function remember(
  verdicts: Map<AuthStrategy, Promise<Verdict>>,
  strategy: AuthStrategy,
  ask: () => Promise<Verdict>,
): Promise<Verdict> {
  const known = verdicts.get(strategy)
  if (known !== undefined) return known
  const verdict = ask()
  verdicts.set(strategy, verdict)
  return verdict
}
