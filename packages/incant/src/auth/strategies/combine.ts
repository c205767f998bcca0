import { invalidAuth } from '../invalid-auth.ts'
import { type AuthDecorator, decorate, isAuthDecorator, requirementOf } from '../policy/decorator.ts'
import { type Requirement, strategiesOf } from '../policy/requirement.ts'
import type { AuthStrategy } from '../strategy.ts'
import { auth } from './custom.ts'

/**
 * Requires one of several strategies to accept the caller. They are asked in order; the first that accepts determines
 * the principal.
 *
 * @example
 * ```ts
 * @anyOf(bearerAuth({ tokens }), basicAuth({ users }))
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function anyOf(...parts: readonly (AuthDecorator | AuthStrategy)[]): AuthDecorator {
  return combine('anyOf', parts)
}

/**
 * Requires every strategy to accept the caller. Stacked decorators already mean this; use it inside {@link anyOf}. The
 * principal is that of the first one, with the scopes of all.
 *
 * @example
 * ```ts
 * @anyOf(mutualTlsAuth(), allOf(basicAuth({ users }), apiKeyAuth({ tokens })))
 * export default class Predictor extends BasePredictor {}
 * ```
 */
export function allOf(...parts: readonly (AuthDecorator | AuthStrategy)[]): AuthDecorator {
  return combine('allOf', parts)
}

function combine(kind: 'anyOf' | 'allOf', parts: readonly (AuthDecorator | AuthStrategy)[]): AuthDecorator {
  const decorator = `@${kind}(${parts.length === 0 ? '' : '…'})`
  const requirements = parts.map(part => requirementOf(isAuthDecorator(part) ? part : auth(part)))
  const wrong = requirements.find(part => !fits(part, kind))
  if (wrong !== undefined) {
    throw invalidAuth(
      `${decorator} contains ${wrong.decorator}, which does not identify the caller`,
      `Write ${wrong.decorator} beside it, on the class or on predict.`,
    )
  }
  const requirement: Requirement = { kind, decorator, parts: requirements }
  if (strategiesOf(requirement).length > 0) return decorate(requirement)
  throw invalidAuth(`${decorator} contains no strategy`, 'Add at least one, such as bearerAuth(…).')
}

/** Scopes are those of the strategies beside them, so they need some; everything else inside must be able to say no. */
function fits(part: Requirement, kind: 'anyOf' | 'allOf'): boolean {
  return strategiesOf(part).length > 0 || (kind === 'allOf' && part.kind === 'scopes')
}
