import { isObject } from '../../../validation/json-types.ts'
import { invalidValue, unsupported } from '../refusal.ts'
import type { NamedMembers } from './named-members.ts'

/** The treatment of members that a request type does not name. */
export interface MemberRules {
  /** Those that the face sees to itself. They reach predict where its type names them. */
  readonly done: readonly string[]
  /** Those that the face sees to, and that predict must not see to again. */
  readonly taken: readonly string[]
  /** Those without which the answer is as good. */
  readonly harmless: readonly string[]
  /** Values that ask for nothing. */
  readonly defaults: Readonly<Record<string, readonly unknown[]>>
  /** Two names for the same thing: where predict takes one, a caller may send the other. */
  readonly synonyms: Readonly<Record<string, string>>
}

/** A body as an object. */
export function readBody(body: unknown): Readonly<Record<string, unknown>> {
  if (isObject(body)) return body
  throw invalidValue(null, 'The body must be a JSON object.')
}

/**
 * The members of a request that predict takes. What its type does not name and would change the answer is refused, never
 * ignored.
 */
export function chooseMembers(
  body: Readonly<Record<string, unknown>>,
  named: NamedMembers,
  rules: MemberRules,
): Record<string, unknown> {
  const chosen: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    const target = targetOf(name, named, rules)
    if (target !== undefined) chosen[target] = stricter(chosen[target], value)
    else if (!isNeedless(name, value, rules)) throw unsupported(name)
  }
  return chosen
}

function targetOf(name: string, named: NamedMembers, rules: MemberRules): string | undefined {
  if (rules.taken.includes(name)) return undefined
  if (named.has(name)) return name
  const synonym = Object.hasOwn(rules.synonyms, name) ? rules.synonyms[name] : undefined
  return synonym !== undefined && named.has(synonym) ? synonym : undefined
}

/** Of two values for the same limit the lower one; of any others the one that predict's type may refuse. */
function stricter(former: unknown, value: unknown): unknown {
  if (former === undefined || former === null) return value
  if (value === undefined || value === null || !isWhole(former)) return former
  return isWhole(value) ? Math.min(former, value) : value
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value)
}

function isNeedless(name: string, value: unknown, rules: MemberRules): boolean {
  if (value === null || [rules.done, rules.taken, rules.harmless].some(names => names.includes(name))) return true
  const defaults = Object.hasOwn(rules.defaults, name) ? rules.defaults[name] : undefined
  return defaults?.some(asksNothing => isSame(asksNothing, value)) === true
}

/** Defaults are scalars, and lists and objects with little in them. */
function isSame(left: unknown, right: unknown): boolean {
  return left === right || (typeof left === 'object' && JSON.stringify(left) === JSON.stringify(right))
}
