import { isThenable } from '../../async/is-thenable.ts'
import type { MaybePromise } from '../../async/maybe-promise.ts'
import { withTimeLimit } from '../../async/with-time-limit.ts'
import { REQUEST_ERRORS } from '../../errors/codes.ts'
import type { ThrownDescription } from '../../errors/describe-thrown.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { Logger } from '../../log/logger.ts'
import type { AuthStrategy, Verdict } from '../strategy.ts'

/** The arguments of a strategy. */
export interface AskOptions {
  /** Milliseconds it may take. */
  readonly timeout: number
  readonly logger: Logger
}

/**
 * Asks one strategy, and accepts only a verdict as its answer.
 *
 * @throws {RequestError} `auth_failed`, `auth_unavailable`: a fault of the server is never reported as one of the
 * credentials, which would make callers throw away good ones.
 */
export function askStrategy(
  strategy: AuthStrategy,
  work: () => MaybePromise<Verdict>,
  options: AskOptions,
): MaybePromise<Verdict> {
  try {
    const answer: unknown = work()
    if (!isThenable(answer)) return readVerdict(answer)
    return withTimeLimit(options.timeout, async () => readVerdict(await answer), tooLate).catch(thrown =>
      fail(thrown, strategy, options.logger),
    )
  } catch (thrown) {
    return fail(thrown, strategy, options.logger)
  }
}

function readVerdict(answer: unknown): Verdict {
  if (isVerdict(answer)) return answer
  throw new TypeError(`it answered with a ${typeof answer} that is neither a principal nor a refusal`)
}

function fail(thrown: unknown, strategy: AuthStrategy, logger: Logger): never {
  const known = asOwnError(thrown)
  logger.log('error', 'a strategy failed to authenticate', {
    strategy: strategy.name,
    reason: known?.code ?? 'auth_failed',
    error: describeWithoutMessage(known?.cause ?? thrown),
  })
  throw known ?? new RequestError('auth_failed')
}

/** A strategy may be of another copy of this package, and what it throws is then none of our class. */
function asOwnError(thrown: unknown): RequestError | undefined {
  if (thrown instanceof RequestError) return thrown
  if (!RequestError.is(thrown) || !Object.hasOwn(REQUEST_ERRORS, thrown.code)) return undefined
  return new RequestError(thrown.code, { headers: thrown.headers, cause: thrown.cause })
}

function tooLate(): RequestError {
  return new RequestError('auth_unavailable', { headers: { 'Retry-After': '1' } })
}

const REASONS: readonly unknown[] = ['missing', 'invalid', 'malformed']

function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== 'object' || value === null) return false
  if ('refused' in value) return REASONS.includes(value.refused)
  return isPrincipal(value)
}

function isPrincipal(value: object): boolean {
  if (!('id' in value) || typeof value.id !== 'string' || value.id === '') return false
  if (!('scopes' in value) || value.scopes === undefined) return true
  return Array.isArray(value.scopes) && value.scopes.every(scope => typeof scope === 'string')
}

/**
 * What failed and where. Never the message: a verifier, or a library under it, may have written the credentials into it,
 * as in `no such key: inc_…`.
 */
function describeWithoutMessage(thrown: unknown): ThrownDescription {
  try {
    if (!(thrown instanceof Error)) return { name: typeof thrown, message: WITHHELD }
    const head = `${thrown.name}: ${thrown.message}`
    const stack = String(thrown.stack)
    const frames = stack.startsWith(head) ? stack.slice(head.length) : ''
    return { name: String(thrown.name), message: WITHHELD, ...(frames === '' ? {} : { stack: frames }) }
  } catch {
    return { name: 'unknown', message: WITHHELD }
  }
}

const WITHHELD = 'withheld, as it might contain credentials'
