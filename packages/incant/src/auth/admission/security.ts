import type { PredictorSecurity } from '../../openapi/description.ts'
import type { SecurityScheme } from '../../openapi/document.ts'
import type { Requirement } from '../policy/requirement.ts'
import type { AuthStrategy } from '../strategy.ts'

/** Strategies that are all needed: the alternatives of a requirement are several of these. */
type Combination = readonly AuthStrategy[]

/** The parts of an {@link Authenticator} that the description needs. */
interface Described {
  readonly requirement: Requirement
  readonly strategies: readonly AuthStrategy[]
}

/** A requirement as OpenAPI has it: a list of alternatives, each of which names all it needs. */
export function describeSecurity({ requirement, strategies }: Described): PredictorSecurity | undefined {
  if (strategies.length === 0) return undefined
  const names = nameSchemes(strategies)
  const schemes = [...names].map(([{ security }, name]): [string, SecurityScheme | undefined] => [name, security])
  const combinations = combinationsOf(requirement)
  const requirements = combinations.map(combination => {
    return Object.fromEntries(combination.flatMap(strategy => (names.has(strategy) ? [[names.get(strategy), []]] : [])))
  })
  return {
    schemes: Object.fromEntries(schemes.flatMap(([name, scheme]) => (scheme === undefined ? [] : [[name, scheme]]))),
    // An empty alternative would say that nothing is needed, where something is that OpenAPI has no word for.
    requirements: requirements.filter(alternative => Object.keys(alternative).length > 0),
    members: strategies.flatMap(strategy => {
      if (strategy.reads !== 'payload') return []
      return [{ name: strategy.member, required: combinations.every(combination => combination.includes(strategy)) }]
    }),
  }
}

/** A name for each strategy that OpenAPI can express: the strategy's name, with a number where two have the same. */
function nameSchemes(strategies: readonly AuthStrategy[]): ReadonlyMap<AuthStrategy, string> {
  const names = new Map<AuthStrategy, string>()
  for (const strategy of strategies.filter(({ security }) => security !== undefined)) {
    const same = [...names.keys()].filter(({ name }) => name === strategy.name).length
    names.set(strategy, same === 0 ? strategy.name : `${strategy.name}${same + 1}`)
  }
  return names
}

function combinationsOf(requirement: Requirement): readonly Combination[] {
  if (requirement.kind === 'strategy') return [[requirement.strategy]]
  if (requirement.kind === 'anyOf') return requirement.parts.flatMap(combinationsOf)
  if (requirement.kind !== 'allOf') return [[]]
  return requirement.parts.reduce<readonly Combination[]>(
    (combinations, part) =>
      combinationsOf(part).flatMap(added => combinations.map(combination => [...combination, ...added])),
    [[]],
  )
}
