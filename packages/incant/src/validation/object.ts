import type * as v from 'valibot'
import type { JSONSchema, JSONValue } from '../schema/json-schema.ts'
import type { Compiler, Test } from './compiler.ts'
import { atKey, conclude, createIssueAt, createSchema, type RunConfig, refuse, run } from './dataset.ts'
import { isObject } from './json-types.ts'
import { compilePattern } from './string.ts'
import { MAX_ISSUES } from './validation.ts'
import { typeMessage } from './words.ts'

type JSONObject = { readonly [name: string]: unknown }

/** The rule for a member's value. */
interface MemberRule {
  readonly schema: v.GenericSchema
  readonly accepts: Test | undefined
}

/** A member the schema names. */
interface NamedMember extends MemberRule {
  readonly name: string
  readonly required: boolean
  readonly default: JSONValue | undefined
}

/** The members the schema does not name. */
interface OtherMembers {
  readonly names: ReadonlySet<string>
  readonly patterns: readonly (MemberRule & { readonly pattern: RegExp })[]
  /** `null`: refused; `undefined`: dropped. */
  readonly additional: MemberRule | null | undefined
}

/** The result of one run for an object so far. */
interface Progress {
  readonly input: JSONObject
  readonly output: { [name: string]: unknown }
  readonly issues: v.BaseIssue<unknown>[]
  readonly config: RunConfig
}

/**
 * Objects and records. The result is a new object with the members that the schema knows. Only own members count, so
 * that a member of `Object.prototype` cannot replace a missing one. Stops at {@link MAX_ISSUES}.
 */
export function compileObject(schema: JSONSchema, compiler: Compiler): v.GenericSchema {
  const members = compileMembers(schema, compiler)
  const names = new Set(members.map(member => member.name))
  const unnamed = (schema.required ?? []).filter(name => !names.has(name))
  const others = compileOthers(schema, compiler, names)
  return createSchema('object', (value, config) => {
    if (!isObject(value)) return refuse(typeMessage(['object']))
    const progress: Progress = { input: value, output: {}, issues: [], config }
    for (const member of members) {
      if (progress.issues.length >= MAX_ISSUES) break
      runNamed(member, progress)
    }
    for (const name of unnamed) runRequired(name, others === undefined, progress)
    if (others !== undefined) runOthers(others, progress)
    return conclude(progress.output, progress.issues)
  })
}

function compileMembers(schema: JSONSchema, compiler: Compiler): readonly NamedMember[] {
  const required = new Set(schema.required)
  return Object.entries(schema.properties ?? {}).map(([name, member]) => ({
    name,
    required: required.has(name),
    default: member.default,
    ...compileRule(member, compiler),
  }))
}

function compileOthers(schema: JSONSchema, compiler: Compiler, names: ReadonlySet<string>): OtherMembers | undefined {
  const { patternProperties = {}, additionalProperties } = schema
  const patterns = Object.entries(patternProperties).map(([pattern, member]) => ({
    pattern: compilePattern(pattern),
    ...compileRule(member, compiler),
  }))
  if (patterns.length === 0 && additionalProperties === undefined) return undefined
  const additional =
    additionalProperties === false ? null : additionalProperties && compileRule(additionalProperties, compiler)
  return { names, patterns, additional }
}

function compileRule(schema: JSONSchema, compiler: Compiler): MemberRule {
  return { schema: compiler.compile(schema), accepts: compiler.unchanged(schema) }
}

function runNamed(member: NamedMember, progress: Progress): void {
  const { name, required } = member
  const value = Object.hasOwn(progress.input, name) ? progress.input[name] : undefined
  if (value !== undefined) runMember(name, value, member, progress)
  else if (member.default !== undefined) runMember(name, copyOf(member.default), member, progress)
  else if (required) addIssue(name, 'is required', progress)
}

/** A member that is required and otherwise unknown: nothing is asked of its value, and it stays. */
function runRequired(name: string, keep: boolean, progress: Progress): void {
  if (!Object.hasOwn(progress.input, name)) addIssue(name, 'is required', progress)
  else if (keep) setOwn(progress.output, name, progress.input[name])
}

/** A default is filled in afresh each time: predict may change what it gets. */
function copyOf(value: JSONValue): JSONValue {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value
}

function runOthers(others: OtherMembers, progress: Progress): void {
  for (const name of Object.keys(progress.input)) {
    if (progress.issues.length >= MAX_ISSUES) return
    runOther(name, others, progress)
  }
}

function runOther(name: string, others: OtherMembers, progress: Progress): void {
  const { names, patterns, additional } = others
  const matching = patterns.filter(({ pattern }) => pattern.test(name))
  for (const rule of matching) runMember(name, progress.input[name], rule, progress)
  if (matching.length > 0 || names.has(name) || additional === undefined) return
  if (additional === null) addIssue(name, 'is not a known member', progress)
  else runMember(name, progress.input[name], additional, progress)
}

function runMember(name: string, value: unknown, rule: MemberRule, progress: Progress): void {
  const isAccepted = rule.accepts?.(value) === true
  const outcome = isAccepted ? undefined : run(rule.schema, value, progress.config)
  if (outcome?.issues === undefined) setOwn(progress.output, name, isAccepted ? value : outcome?.value)
  else progress.issues.push(...outcome.issues.map(issue => atKey(issue, name)))
}

function addIssue(name: string, message: string, progress: Progress): void {
  progress.issues.push(createIssueAt(name, message))
}

/** Assigning to `__proto__` would set the prototype. */
function setOwn(target: { [name: string]: unknown }, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
  else target[name] = value
}
