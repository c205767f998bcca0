import type * as v from 'valibot'
import { FlatNumbers } from '../json/flat-numbers.ts'
import type { JSONSchema } from '../schema/json-schema.ts'
import type { Compiler, Test } from './compiler.ts'
import {
  atKey,
  conclude,
  createIssue,
  createIssueAt,
  createSchema,
  type Outcome,
  type RunConfig,
  refuse,
  run,
} from './dataset.ts'
import { areUnique } from './equality.ts'
import { MAX_ISSUES } from './validation.ts'
import { count, typeMessage } from './words.ts'

/** The schema of one item, and its quick test where it has one. */
interface ItemRule {
  readonly schema: v.GenericSchema
  readonly accepts: Test | undefined
}

/** `items` and `prefixItems`, compiled. */
interface ItemRules {
  readonly prefix: readonly ItemRule[]
  /** The items after the prefix; `null`: there may be none, `undefined`: anything. */
  readonly rest: ItemRule | null | undefined
}

/** Arrays and tuples. Stops at {@link MAX_ISSUES}; an array whose items stay the same is not copied. */
export function compileArray(schema: JSONSchema, compiler: Compiler): v.GenericSchema {
  const rules = compileItems(schema, compiler)
  const { maxItems = Infinity } = schema
  return createSchema('array', (given, config) => {
    const value = given instanceof FlatNumbers ? given.toArrays() : given
    if (!Array.isArray(value)) return refuse(typeMessage(['array']))
    // Before any item: a list that is too long is not worth reading.
    if (value.length > maxItems) return refuse(`must have at most ${count(maxItems, 'item')}`)
    const size = sizeMessage(value, schema)
    const outcome = runItems(value, rules, config)
    if (size === undefined) return outcome
    return conclude(value, [createIssue(size), ...(outcome.issues ?? [])])
  })
}

function compileItems(schema: JSONSchema, compiler: Compiler): ItemRules {
  const rule = (item: JSONSchema): ItemRule => ({ schema: compiler.compile(item), accepts: compiler.unchanged(item) })
  const { items, prefixItems = [] } = schema
  const rest = items === undefined ? undefined : items === false ? null : rule(items)
  return { prefix: prefixItems.map(rule), rest }
}

/** Other problems of the array as a whole. */
function sizeMessage(items: readonly unknown[], schema: JSONSchema): string | undefined {
  const { minItems = 0, uniqueItems } = schema
  if (items.length < minItems) return `must have at least ${count(minItems, 'item')}`
  if (uniqueItems === true && !areUnique(items)) return 'must not have two equal items'
  return undefined
}

function runItems(items: readonly unknown[], rules: ItemRules, config: RunConfig): Outcome {
  const issues: v.BaseIssue<unknown>[] = []
  let output: unknown[] | undefined
  for (let index = 0; index < items.length && issues.length < MAX_ISSUES; index++) {
    const rule = index < rules.prefix.length ? rules.prefix[index] : rules.rest
    const item = items[index]
    if (rule === undefined || rule?.accepts?.(item)) continue
    if (rule === null) {
      issues.push(createIssueAt(index, `must not be there: at most ${count(rules.prefix.length, 'item')}`))
      break
    }
    const outcome = run(rule.schema, item, config)
    if (outcome.issues !== undefined) issues.push(...outcome.issues.map(issue => atKey(issue, index)))
    else if (outcome.value !== item) output ??= items.slice()
    if (output !== undefined) output[index] = outcome.value
  }
  return conclude(output ?? items, issues)
}
