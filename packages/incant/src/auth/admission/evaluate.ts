import { chain, type MaybePromise } from '../../async/maybe-promise.ts'
import type { Principal } from '../../predictor/context.ts'
import type { RefusalCause } from '../challenge.ts'
import type { Requirement } from '../policy/requirement.ts'
import type { AuthStrategy, Verdict } from '../strategy.ts'

/** Whether a request meets a requirement. `pending`: that depends on the payload. */
export type Outcome =
  | { readonly state: 'passed'; readonly principal: Principal | undefined }
  | { readonly state: 'pending' }
  | { readonly state: 'refused'; readonly cause: RefusalCause }

/** Asks a strategy. Undefined: what it reads is not there yet. */
export type Ask = (strategy: AuthStrategy) => MaybePromise<Verdict | undefined>

const PENDING: Outcome = { state: 'pending' }

/** Evaluates a requirement, without ever passing one that it does not know. */
export function evaluate(requirement: Requirement, ask: Ask): MaybePromise<Outcome> {
  switch (requirement.kind) {
    case 'strategy':
      return chain(ask(requirement.strategy), verdict => judge(requirement.strategy, verdict))
    case 'anyOf':
      return evaluateAny(requirement.parts, ask)
    case 'allOf':
      return evaluateAll(requirement.parts, ask)
    default:
      throw new TypeError(`${requirement.decorator} authenticates no caller.`)
  }
}

function judge(strategy: AuthStrategy, verdict: Verdict | undefined): Outcome {
  if (verdict === undefined) return PENDING
  if ('refused' in verdict) return { state: 'refused', cause: { refused: verdict.refused, by: strategy } }
  return { state: 'passed', principal: verdict }
}

/** The first that passes. Else the most informative refusal; missing credentials are the least informative. */
function evaluateAny([part, ...others]: readonly Requirement[], ask: Ask, before?: Outcome): MaybePromise<Outcome> {
  if (part === undefined) return before ?? PENDING
  return chain(evaluate(part, ask), outcome => {
    if (outcome.state === 'passed') return outcome
    return evaluateAny(others, ask, before !== undefined && rank(before) >= rank(outcome) ? before : outcome)
  })
}

/** What is pending may still pass, so it ranks above what is missing; what is wrong is refused before the body is read. */
const RANKS = { missing: 0, insufficient_scope: 2, invalid: 3, malformed: 4 } as const

function rank(outcome: Outcome): number {
  return outcome.state === 'refused' ? RANKS[outcome.cause.refused] : 1
}

/** All of them, and then the scopes that the principals together must have. The first refusal counts. */
function evaluateAll(parts: readonly Requirement[], ask: Ask): MaybePromise<Outcome> {
  return chain(collect(parts.filter(authenticates), ask, []), found => {
    return 'state' in found ? found : checkScopes(parts, mergePrincipals(found))
  })
}

function authenticates(part: Requirement): boolean {
  return part.kind === 'strategy' || part.kind === 'anyOf' || part.kind === 'allOf'
}

/** The principals of all parts, or why there are not all: a refusal, though it comes last, rather than `pending`. */
function collect(
  [part, ...others]: readonly Requirement[],
  ask: Ask,
  found: readonly Principal[] | Outcome,
): MaybePromise<readonly Principal[] | Outcome> {
  if (part === undefined) return found
  return chain(evaluate(part, ask), outcome => {
    if (outcome.state === 'refused') return outcome
    if (outcome.state === 'pending' || 'state' in found) return collect(others, ask, PENDING)
    return collect(others, ask, outcome.principal === undefined ? found : [...found, outcome.principal])
  })
}

/** The first principal found, with the scopes of all. */
function mergePrincipals(principals: readonly Principal[]): Principal | undefined {
  const [first, ...others] = principals
  if (first === undefined || others.length === 0) return first
  return { ...first, scopes: [...new Set(principals.flatMap(principal => principal.scopes ?? []))] }
}

function checkScopes(parts: readonly Requirement[], principal: Principal | undefined): Outcome {
  const needed = parts.flatMap(part => (part.kind === 'scopes' ? part.scopes : []))
  const has = principal?.scopes ?? []
  if (needed.every(scope => has.includes(scope))) return { state: 'passed', principal }
  return { state: 'refused', cause: { refused: 'insufficient_scope', scopes: needed, principal } }
}
