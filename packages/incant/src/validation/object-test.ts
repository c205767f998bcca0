import { isObject } from './json-types.ts'

/** The tests of the members of an object. */
export interface MemberTests {
  /** Members that the schema names; those first that distinguish alternatives. */
  readonly named: readonly { readonly name: string; readonly accepts: Accepts; readonly required: boolean }[]
  /** Members that must be there, of which nothing else is asked. */
  readonly required: readonly string[]
  readonly patterns: readonly { readonly pattern: RegExp; readonly accepts: Accepts }[]
  /** For members without a name here or a pattern. `false`: there may be none. `undefined`: they are dropped. */
  readonly additional: Accepts | false | undefined
  /** Whether an object from which a member would be dropped fails. */
  readonly keepsAll: boolean
}

type Accepts = (value: unknown) => boolean
type JSONObject = { readonly [name: string]: unknown }

/**
 * The test of an object. Only own members count, so that a member of `Object.prototype` cannot replace a missing one.
 */
export function testMembers(tests: MemberTests): (value: unknown) => boolean {
  const { required, patterns, additional, keepsAll } = tests
  const named = tests.named.map(member => ({ ...member, inherited: member.name in Object.prototype }))
  const hasOthers = patterns.length > 0 || additional !== undefined
  const acceptsOthers = hasOthers ? othersTest(tests) : undefined
  return value => {
    if (!isObject(value)) return false
    let present = 0
    for (const { name, accepts, required, inherited } of named) {
      const member = inherited && !Object.hasOwn(value, name) ? undefined : value[name]
      if (member === undefined ? required : !accepts(member)) return false
      if (member !== undefined) present += 1
    }
    for (const name of required) {
      if (!Object.hasOwn(value, name)) return false
      present += 1
    }
    if (acceptsOthers !== undefined) return acceptsOthers(value)
    return !keepsAll || countMembers(value) === present
  }
}

function countMembers(value: JSONObject): number {
  let count = 0
  for (const _ in value) count += 1
  return count
}

function othersTest({ named, patterns, additional, keepsAll }: MemberTests): (value: JSONObject) => boolean {
  const names = new Set(named.map(({ name }) => name))
  const acceptsOther = (name: string, member: unknown): boolean => {
    let matched = false
    for (const { pattern, accepts } of patterns) {
      if (!pattern.test(name)) continue
      if (!accepts(member)) return false
      matched = true
    }
    if (matched || names.has(name)) return true
    return additional === undefined ? !keepsAll : additional !== false && additional(member)
  }
  return value => {
    for (const name of Object.keys(value)) if (!acceptsOther(name, value[name])) return false
    return true
  }
}
