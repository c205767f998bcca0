import type { JSONSchema, JSONValue } from 'incant'
import type { Checker, TypeSymbol } from './compiler.ts'
import { type Constraint, constrain, findConstraint, fits } from './constraints.ts'
import type { Place } from './problem.ts'
import { toStartupError } from './problem.ts'
import type { Slots } from './slots.ts'

/** A symbol's JSDoc. */
export interface Documentation {
  readonly description: string
  readonly tags: readonly { readonly name: string; readonly text?: string | undefined }[]
}

/** Reads a symbol's JSDoc. */
export function readDocumentation(checker: Checker, symbol: TypeSymbol): Documentation {
  return {
    description: checker.getDocumentationCommentOfSymbol(symbol).trim(),
    tags: checker.getJsDocTagsOfSymbol(symbol),
  }
}

/** A schema with what JSDoc says of it: text as annotations, constraints as keywords. */
export function applyDocumentation(
  slots: Slots,
  schema: JSONSchema,
  documentation: Documentation,
  place: Place,
): JSONSchema {
  const constrained = documentation.tags.reduce((result, tag) => {
    const constraint = findConstraint(tag.name)
    return constraint === undefined ? result : applyConstraint(slots, result, constraint, tag.text?.trim() ?? '', place)
  }, schema)
  return { ...constrained, ...annotations(slots, constrained, documentation, place) }
}

function applyConstraint(
  slots: Slots,
  schema: JSONSchema,
  constraint: Constraint,
  text: string,
  place: Place,
): JSONSchema {
  const { tag } = constraint
  const value = constraint.read(text)
  if (value === undefined) {
    throw invalid(place, `has @${tag} ${text}, which is not ${constraint.expected}`, `Write ${constraint.sample}.`)
  }
  const result = constrain(slots, schema, constraint, value)
  if (result === undefined) {
    throw invalid(
      place,
      `has @${tag}, which applies to ${constraint.appliesTo} only`,
      `Remove @${tag}, or change the type.`,
    )
  }
  return result
}

function annotations(slots: Slots, schema: JSONSchema, { description, tags }: Documentation, place: Place): JSONSchema {
  const text = (name: string) => tags.find(tag => tag.name === name)?.text?.trim()
  const title = text('title')
  const fallback = text('default')
  const examples = tags.filter(tag => tag.name === 'example').flatMap(tag => readExample(slots, schema, tag.text ?? ''))
  return {
    ...(title ? { title } : {}),
    ...(description ? { description } : {}),
    ...(fallback === undefined ? {} : { default: readDefault(slots, schema, fallback, place) }),
    ...(examples.length === 0 ? {} : { examples }),
    ...(tags.some(tag => tag.name === 'deprecated') ? { deprecated: true } : {}),
  }
}

function readDefault(slots: Slots, schema: JSONSchema, text: string, place: Place): JSONValue {
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
    // JSON.parse gives JSON values, whatever its type says.
    return JSON.parse(text) as JSONValue
  } catch {
    return undefined
  }
}

function invalid(place: Place, found: string, instead: string): Error {
  return toStartupError(place, { code: 'invalid_constraint', found, instead })
}
