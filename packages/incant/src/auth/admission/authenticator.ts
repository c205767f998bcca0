import { attempt, chain, type MaybePromise } from '../../async/maybe-promise.ts'
import { withTimeLimit } from '../../async/with-time-limit.ts'
import { describeThrown } from '../../errors/describe-thrown.ts'
import type { RequestError } from '../../errors/request-error.ts'
import type { Logger } from '../../log/logger.ts'
import type { Principal } from '../../predictor/context.ts'
import { type Challenges, listChallenges, type RefusalCause, refuse } from '../challenge.ts'
import { type Limits, makeLimits } from '../limits/limits.ts'
import { type Access, closeAll, readPolicy } from '../policy/policy.ts'
import type { Requirement } from '../policy/requirement.ts'
import type { SecretReader } from '../secret-reader.ts'
import type { AuthStrategy, PayloadStrategy, Verdict } from '../strategy.ts'
import type { Admission, Applicant } from './admission.ts'
import { type AskOptions, askStrategy } from './ask.ts'
import { evaluate, type Outcome } from './evaluate.ts'
import { PayloadAdmission } from './payload-admission.ts'

/** Options of {@link Authenticator}. */
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
 * Decides which callers reach predict. It is bound to the class and not to a path, so there is no second way around it.
 *
 * 1. {@link admit} looks at the headers, before the body is read and before `100 Continue` is sent.
 * 2. `takeCredentials` of the admission looks at the parsed payload, before it is validated, where a strategy reads it.
 * 3. `complete` of the admission is the last step: without a payload, credentials expected in it are missing.
 */
export class Authenticator {
  /** `open`: nothing was said. `public`: `@publicAccess()`. `protected`: callers authenticate. */
  readonly access: Access
  readonly strategies: readonly AuthStrategy[]
  /** Those that look at the payload. */
  readonly payloadStrategies: readonly PayloadStrategy[]
  /** The challenges of answers that are given without it. */
  readonly challenges: Challenges
  /** All that is required, as one requirement. */
  readonly requirement: Requirement
  readonly #asking: AskOptions
  readonly #limits: Limits
  readonly #guessable: boolean
  /** Whether every request passes unseen. */
  readonly #unguarded: boolean

  /** @throws {StartupError} `invalid_auth`, naming decorator and class. */
  constructor(options: AuthenticatorOptions) {
    const { access, requirement, strategies, rates } = readPolicy(options.predictor, options)
    this.access = access
    this.requirement = requirement
    this.strategies = strategies
    this.payloadStrategies = strategies.filter(strategy => strategy.reads === 'payload')
    this.challenges = listChallenges(strategies)
    this.#asking = { timeout: options.authTimeout, logger: options.logger }
    this.#limits = makeLimits(rates, options.maxAuthFailures)
    this.#guessable = strategies.some(strategy => strategy.guessable !== false)
    this.#unguarded = strategies.length === 0 && rates.length === 0
  }

  /**
   * Looks at a request's headers.
   *
   * @throws {RequestError} `unauthorized`, `invalid_credentials`, `malformed_credentials`, `insufficient_scope`,
   * `rate_limited`, `auth_failed`, `auth_unavailable`.
   */
  admit(applicant: Applicant): MaybePromise<Admission> {
    if (this.#unguarded) return UNGUARDED
    if (this.#guessable) this.#limits.checkFailures(applicant.address)
    if (this.payloadStrategies.length > 0) return new PayloadAdmission(this, applicant).examineHeaders()
    const outcome = evaluate(this.requirement, strategy => this.askAtOnce(strategy, applicant))
    return chain(outcome, settled => admitted(this.settle(settled, applicant)))
  }

  /**
   * Whether the headers of a request would let it in, and who calls then. It counts nothing: the call itself is admitted as
   * every other. Undefined where they would not, or where the payload is to tell.
   */
  recognize(applicant: Applicant): MaybePromise<{ readonly principal: Principal | undefined } | undefined> {
    if (this.#unguarded) return { principal: undefined }
    return attempt(
      () => {
        // A caller that has guessed too often learns nothing more this way either.
        if (this.#guessable) this.#limits.checkFailures(applicant.address)
        return evaluate(this.requirement, strategy => this.askAtOnce(strategy, applicant))
      },
      outcome => (outcome.state === 'passed' ? outcome : undefined),
      () => undefined,
    )
  }

  /** Asks a strategy about what is there before the body is. Undefined where it reads the payload. */
  askAtOnce(strategy: AuthStrategy, { headers, certificate }: Applicant): MaybePromise<Verdict> | undefined {
    if (strategy.reads === 'headers') return this.ask(strategy, () => strategy.authenticate(headers))
    if (strategy.reads === 'connection') return this.ask(strategy, () => strategy.authenticate(certificate))
    return undefined
  }

  /** Asks a strategy, within its time. A failure is an error, never a verdict. */
  ask(strategy: AuthStrategy, work: () => MaybePromise<Verdict>): MaybePromise<Verdict> {
    return askStrategy(strategy, work, this.#asking)
  }

  /**
   * Turns an outcome into a principal, or into the answer that keeps the caller out.
   *
   * @throws {RequestError}
   */
  settle(outcome: Outcome, applicant: Applicant): Principal | undefined {
    if (outcome.state === 'pending') throw new Error('What is pending cannot be settled.')
    if (outcome.state === 'refused') throw this.refuse(outcome.cause, applicant)
    if (outcome.principal !== undefined) applicant.identify(outcome.principal)
    this.#limits.takeCall(outcome.principal?.id ?? applicant.address ?? '')
    return outcome.principal
  }

  /** The answer that keeps a caller out; its failure is counted. */
  refuse(cause: RefusalCause, applicant: Applicant): RequestError {
    if (cause.refused === 'invalid' || cause.refused === 'malformed') {
      this.#limits.checkFailures(applicant.address)
      this.#limits.noteFailure(applicant.address)
    }
    // A caller that was authenticated but may not call is logged all the same.
    if (cause.refused === 'insufficient_scope' && cause.principal !== undefined) applicant.identify(cause.principal)
    return refuse(cause, this.strategies)
  }

  /** Has each strategy do in advance what the first call would wait for. It never fails. */
  async prepare(): Promise<void> {
    await Promise.all(this.strategies.map(strategy => this.#prepare(strategy)))
  }

  async #prepare(strategy: AuthStrategy): Promise<void> {
    if (strategy.prepare === undefined) return
    const { timeout, logger } = this.#asking
    const late = () => new Error(`not done within ${timeout} ms`)
    try {
      await withTimeLimit(timeout, async () => strategy.prepare?.(), late)
    } catch (thrown) {
      const fields = { strategy: strategy.name, error: describeThrown(thrown) }
      logger.log('warn', 'credentials cannot be verified yet: each call tries again', fields)
    }
  }

  async close(): Promise<void> {
    await closeAll(this.strategies)
  }
}

const UNGUARDED: Admission = admitted(undefined)

function admitted(principal: Principal | undefined): Admission {
  return { complete: () => principal }
}
