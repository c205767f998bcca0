import { isObject } from '../../../validation/json-types.ts'
import { invalidValue, unsupported } from '../refusal.ts'
import type { NamedMembers } from './named-members.ts'

/** What becomes of members that a request type does not name. */
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
    const target = targetOf(name, { body, named, rules })
    if (target !== undefined) chosen[target] = value
    else if (!isNeedless(name, value, rules) && !isSaid(name, { body, named, rules })) throw unsupported(name)
  }
  return chosen
}

interface Choice {
  readonly body: Readonly<Record<string, unknown>>
  readonly named: NamedMembers
  readonly rules: MemberRules
}

function targetOf(name: string, { body, named, rules }: Choice): string | undefined {
  if (rules.taken.includes(name)) return undefined
  if (named.has(name)) return name
  const synonym = Object.hasOwn(rules.synonyms, name) ? rules.synonyms[name] : undefined
  const isFree = synonym !== undefined && (body[synonym] === undefined || body[synonym] === null)
  return isFree && named.has(synonym) ? synonym : undefined
}

/** Whether the other name for the same thing is sent, too. It is the one that predict takes. */
function isSaid(name: string, { body, named, rules }: Choice): boolean {
  const synonym = Object.hasOwn(rules.synonyms, name) ? rules.synonyms[name] : undefined
  return synonym !== undefined && named.has(synonym) && body[synonym] !== undefined
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
