import { checkChallenge } from '../challenge.ts'
import { invalidAuth, withPlace } from '../invalid-auth.ts'
import type { AuthHost, AuthStrategy } from '../strategy.ts'
import { readMarks } from './marks.ts'
import { type Rate, type Requirement, strategiesOf, strategyPartsOf } from './requirement.ts'

/**
 * The callers that are let in. `open`: the class does not say. `public`: everyone, by `@publicAccess()`. `protected`:
 * authenticated callers.
 */
export type Access = 'open' | 'public' | 'protected'

/** The policy that the decorators of a class add up to. */
export interface Policy {
  readonly access: Access
  /** All that is required. */
  readonly requirement: Requirement
  readonly strategies: readonly AuthStrategy[]
  readonly rates: readonly Rate[]
}

/**
 * Reads the policy of a class and opens its strategies.
 *
 * @throws {StartupError} `invalid_auth`, where a decorator cannot protect or two contradict each other.
 */
export function readPolicy(predictor: { readonly name: string }, host: AuthHost): Policy {
  const requirements = readMarks(predictor)
  requirements.forEach(refuseUnknown)
  const requirement = requireAll(requirements)
  const strategies = [...new Set(strategiesOf(requirement))]
  refuseContradictions(requirements, strategies, predictor.name)
  openAll(requirement, host, predictor.name)
  return {
    access: strategies.length > 0 ? 'protected' : requirements.some(isPublic) ? 'public' : 'open',
    requirement,
    strategies,
    rates: requirements.flatMap(part => (part.kind === 'rate' ? [part.rate] : [])),
  }
}

/** One requirement for all; where only one of them authenticates, that one decides alone. */
function requireAll(requirements: readonly Requirement[]): Requirement {
  const parts = requirements.filter(({ kind }) => kind !== 'public' && kind !== 'rate')
  const [only] = parts
  if (parts.length === 1 && only?.kind !== 'scopes' && only !== undefined) return only
  return { kind: 'allOf', decorator: '@allOf', parts }
}

const KINDS: readonly string[] = [
  'strategy',
  'anyOf',
  'allOf',
  'scopes',
  'public',
  'rate',
] satisfies Requirement['kind'][]

/** The decorator may come from another version of this package, and know something that is not known here. */
function refuseUnknown(requirement: Requirement): void {
  if (!KINDS.includes(requirement.kind)) {
    throw invalidAuth(
      `${requirement.decorator} has a requirement that this version of incant does not know`,
      'Install one version of incant: npm ls incant shows the copies.',
    )
  }
  if ('parts' in requirement) requirement.parts.forEach(refuseUnknown)
}

function isPublic(requirement: Requirement): boolean {
  return requirement.kind === 'public'
}

function refuseContradictions(
  requirements: readonly Requirement[],
  strategies: readonly AuthStrategy[],
  className: string,
): void {
  const scopes = requirements.find(({ kind }) => kind === 'scopes')
  if (scopes !== undefined && strategies.length === 0) {
    throw invalidAuth(
      `${scopes.decorator} on ${className} requires scopes, but no strategy identifies the caller`,
      'Add a strategy whose principals have scopes, such as @bearerAuth or @jwtAuth.',
    )
  }
  if (strategies.length === 0 || !requirements.some(isPublic)) return
  throw invalidAuth(
    `@publicAccess on ${className} contradicts ${requirements.find(part => strategiesOf(part).length > 0)?.decorator}, on the class or inherited`,
    'Remove one of them; a subclass cannot remove what its base class requires.',
  )
}

/** Opens each strategy once, however often it occurs in the requirement; after a failure none stays open. */
function openAll(requirement: Requirement, host: AuthHost, className: string): void {
  const opened = new Set<AuthStrategy>()
  try {
    for (const { strategy, decorator } of strategyPartsOf(requirement)) {
      if (opened.has(strategy)) continue
      open(strategy, { decorator, className, host })
      opened.add(strategy)
    }
  } catch (error) {
    // The start fails with this error; one more that closing has would hide it.
    closeAll([...opened]).catch(() => {})
    throw error
  }
}

interface Opening {
  readonly decorator: string
  readonly className: string
  readonly host: AuthHost
}

function open(strategy: AuthStrategy, { decorator, className, host }: Opening): void {
  try {
    checkChallenge(strategy.challenge)
    strategy.open?.(host)
  } catch (error) {
    throw withPlace(error, decorator, className)
  }
}

/** Closes all of them, also where one fails. */
export async function closeAll(strategies: readonly AuthStrategy[]): Promise<void> {
  await Promise.all(strategies.map(async strategy => strategy.close?.()))
}
