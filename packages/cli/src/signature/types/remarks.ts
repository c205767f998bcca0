import { isFault, type JSONSchema, type JSONValue, tensorForm } from 'incant/internal/signature'
import { judgePattern } from '../../pattern/judge-pattern.ts'
import type { Constraint } from './constraint.ts'
import { constrain, findConstraint, fits } from './constraints.ts'
import type { DefaultReading } from './defaults.ts'
import type { Documentation } from './documentation.ts'
import { findLookalike } from './lookalikes.ts'
import { type Place, type Problem, toStartupError } from './problem.ts'
import type { Slots } from './slots.ts'
import { isTensorTag } from './tensor-constraints.ts'

/** JSDoc, and what it is about. */
interface Remarks {
  readonly documentation: Documentation
  readonly place: Place
}

/** The dependencies of applying JSDoc. */
export interface DocumentedContext {
  readonly slots: Slots
  /** Every default, to be checked once all types are read. */
  readonly defaults: DefaultReading[]
  readonly warn: (place: Place, problem: Problem) => void
}

/** A schema with what JSDoc says of it: text as annotations, constraints as keywords. */
export function applyDocumentation(context: DocumentedContext, schema: JSONSchema, remarks: Remarks): JSONSchema {
  const { slots } = context
  const { documentation, place } = remarks
  warnOfLookalikes(context, remarks)
  const constrained = documentation.tags.reduce((result, tag) => {
    const constraint = findConstraint(tag.name)
    const text = tag.text?.trim() ?? ''
    return constraint === undefined ? result : applyConstraint(slots, result, { constraint, text, place })
  }, schema)
  checkBounds(documentation, place)
  checkPattern(documentation, place)
  if (documentation.tags.some(({ name }) => isTensorTag(name))) checkTensor(slots, constrained, place)
  const annotated = { ...constrained, ...annotations(slots, constrained, remarks) }
  if (documentation.tags.some(({ name }) => name === 'default')) context.defaults.push({ schema: annotated, place })
  return annotated
}

const BOUNDS = [
  ['minimum', 'maximum'],
  ['exclusiveMinimum', 'maximum'],
  ['minimum', 'exclusiveMaximum'],
  ['exclusiveMinimum', 'exclusiveMaximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
] as const

function checkBounds({ tags }: Documentation, place: Place): void {
  const textOf = (name: string) => tags.find(tag => tag.name === name)?.text?.trim()
  for (const [lower, upper] of BOUNDS) {
    const [from, to] = [textOf(lower), textOf(upper)]
    const isStrict = lower.startsWith('exclusive') || upper.startsWith('exclusive')
    if (Number(from) > Number(to) || (isStrict && Number(from) === Number(to))) {
      const relation = Number(from) === Number(to) ? 'and' : 'above'
      throw invalid(
        place,
        `has @${lower} ${from} ${relation} @${upper} ${to}: no value fits`,
        'Swap them, or correct one.',
      )
    }
  }
}

/** @throws StartupError `invalid_constraint` for a pattern with which a caller could hold up the server. */
function checkPattern({ tags }: Documentation, place: Place): void {
  const textOf = (name: string) => tags.find(tag => tag.name === name)?.text?.trim()
  const [pattern, maxLength] = [textOf('pattern'), textOf('maxLength')]
  const fault = pattern && judgePattern(pattern, maxLength === undefined ? undefined : Number(maxLength))
  if (fault) throw invalid(place, `has @pattern ${pattern}, ${fault.found}`, fault.instead)
}

/** @throws StartupError `invalid_constraint` for tags that do not fit the type, or each other. */
function checkTensor(slots: Slots, schema: JSONSchema, place: Place): void {
  const form = tensorForm(schema, inner => slots.dereference(inner) ?? {})
  if (isFault(form)) throw invalid(place, form.found, form.instead)
}

function applyConstraint(
  slots: Slots,
  schema: JSONSchema,
  { constraint, text, place }: { readonly constraint: Constraint; readonly text: string; readonly place: Place },
): JSONSchema {
  const { tag } = constraint
  const value = constraint.read(text)
  if (value === undefined) {
    throw invalid(place, `has @${tag} ${text}, which is not ${constraint.expected}`, `Write ${constraint.sample}.`)
  }
  const result = constrain(slots, schema, { constraint, value })
  if (result === undefined && isListed(slots.dereference(schema))) {
    throw invalid(place, `has @${tag}, and a type that lists its values`, `Remove @${tag}: the list is the constraint.`)
  }
  if (result === undefined) {
    throw invalid(
      place,
      `has @${tag}, which applies to ${constraint.appliesTo} only`,
      `Remove @${tag}, or change the type.`,
    )
  }
  return result
}

function isListed({ const: value, enum: values }: JSONSchema = {}): boolean {
  return value !== undefined || values !== undefined
}

function annotations(slots: Slots, schema: JSONSchema, { documentation, place }: Remarks): JSONSchema {
  const { description, tags } = documentation
  const text = (name: string) => tags.find(tag => tag.name === name)?.text?.trim()
  const title = text('title')
  const fallback = text('default')
  const examples = tags.filter(tag => tag.name === 'example').flatMap(tag => readExample(slots, schema, tag.text ?? ''))
  return {
    ...(title ? { title } : {}),
    ...(description ? { description } : {}),
    ...(fallback === undefined ? {} : { default: readDefault(slots, schema, { text: fallback, place }) }),
    ...(examples.length === 0 ? {} : { examples }),
    ...(tags.some(tag => tag.name === 'deprecated') ? { deprecated: true } : {}),
  }
}

/** The `default` that JSDoc gives, if it is JSON. Whether the type allows it is checked where the type is read. */
export function readFallback({ tags }: Documentation): Pick<JSONSchema, 'default'> {
  const text = tags.find(tag => tag.name === 'default')?.text?.trim()
  const value = text === undefined ? undefined : parseJSON(text)
  return value === undefined ? {} : { default: value }
}

function readDefault(
  slots: Slots,
  schema: JSONSchema,
  { text, place }: { readonly text: string; readonly place: Place },
): JSONValue {
  const value = parseJSON(text)
  if (value === undefined) {
    throw invalid(
      place,
      `has @default ${text}, which is not JSON`,
      `Write JSON, a string in double quotes: @default "en".`,
    )
  }
  if (fits(slots, schema, value)) return value
  throw invalid(place, `has @default ${text}, which its type does not allow`, 'Write a default that the type allows.')
}

/** An example is prose to most tools: what is neither JSON nor of the type is left out, not refused. */
function readExample(slots: Slots, schema: JSONSchema, text: string): readonly JSONValue[] {
  const value = parseJSON(text) ?? text.trim()
  return fits(slots, schema, value) ? [value] : []
}

/** Parses JSON; `undefined` where it is none. */
export function parseJSON(text: string): JSONValue | undefined {
  try {
    // JSON.parse returns JSON values, although its type does not say so.
    return JSON.parse(text) as JSONValue
  } catch {
    return undefined
  }
}

function invalid(place: Place, found: string, instead: string): Error {
  return toStartupError(place, { code: 'invalid_constraint', found, instead })
}

function warnOfLookalikes({ warn }: DocumentedContext, { documentation, place }: Remarks): void {
  for (const tag of documentation.tags) {
    const problem = findLookalike(tag)
    if (problem !== undefined) warn(place, problem)
  }
}
