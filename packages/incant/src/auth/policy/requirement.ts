import type { AuthStrategy } from '../strategy.ts'

/** At most so many requests in a time. */
export interface Rate {
  /** How many. They may come all at once; after that one is granted every `per / requests`. */
  readonly requests: number
  /** The time in which they may come. */
  readonly per: 'second' | 'minute' | 'hour' | 'day'
}

/**
 * What one decorator asks of a request. It is what decorators leave behind: plain data, which only the
 * {@link Authenticator} acts on.
 */
export type Requirement =
  | { readonly kind: 'strategy'; readonly decorator: string; readonly strategy: AuthStrategy }
  | { readonly kind: 'anyOf' | 'allOf'; readonly decorator: string; readonly parts: readonly Requirement[] }
  | { readonly kind: 'scopes'; readonly decorator: string; readonly scopes: readonly string[] }
  | { readonly kind: 'public'; readonly decorator: string }
  | { readonly kind: 'rate'; readonly decorator: string; readonly rate: Rate }

/** Every strategy in a requirement, in the order of the source. */
export function strategiesOf(requirement: Requirement): readonly AuthStrategy[] {
  return strategyPartsOf(requirement).map(({ strategy }) => strategy)
}

/** As {@link strategiesOf}, each with its decorator. */
export function strategyPartsOf(requirement: Requirement): readonly (Requirement & { readonly kind: 'strategy' })[] {
  if (requirement.kind === 'strategy') return [requirement]
  return 'parts' in requirement ? requirement.parts.flatMap(strategyPartsOf) : []
}
