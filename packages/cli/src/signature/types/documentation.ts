import type { JSONSchema, JSONValue } from 'incant/internal/signature'
import { judgePattern } from '../../pattern/judge-pattern.ts'
import type { Checker, TypeSymbol } from '../compiler/compiler.ts'
import { isForeign } from '../compiler/origin.ts'
import { type Constraint, constrain, findConstraint, fits } from './constraints.ts'
import { type Place, toStartupError } from './problem.ts'
import type { Slots } from './slots.ts'

/** A symbol's JSDoc. */
export interface Documentation {
  readonly description: string
  readonly tags: readonly { readonly name: string; readonly text?: string | undefined }[]
}

/** JSDoc, and what it is about. */
interface Remarks {
  readonly documentation: Documentation
  readonly place: Place
}

/** Reads a symbol's JSDoc. That of an installed package was not written for us: its tags are no constraints. */
export function readDocumentation(checker: Checker, symbol: TypeSymbol): Documentation {
  const description = checker.getDocumentationCommentOfSymbol(symbol).trim()
  const tags = checker.getJsDocTagsOfSymbol(symbol)
  if (symbol.declarations.some(declaration => isForeign(declaration.path))) return { description, tags: [] }
  return description !== '' || tags.length > 0 ? { description, tags } : readInlineComment(symbol)
}

/**
 * The JSDoc of a member that stands on the line of the one before it, as in `{ /** @minimum 1 *\/ top: number }`. The
 * compiler takes it for the end of what comes before, and a constraint would silently not hold.
 */
function readInlineComment(symbol: TypeSymbol): Documentation {
  const node = symbol.declarations[0]?.resolve()
  const source = node?.getSourceFile()
  if (node === undefined || source === undefined) return NOTHING
  const comment = source.text.slice(node.pos, node.getStart(source)).match(/\/\*\*(?!\/)([\s\S]*?)\*\/\s*$/)?.[1]
  return comment === undefined ? NOTHING : parseComment(comment)
}

const NOTHING: Documentation = { description: '', tags: [] }

function parseComment(comment: string): Documentation {
  const text = comment.replace(/^[ \t]*\*[ \t]?/gm, '')
  const [description = '', ...tags] = text.split(/(?<=^|\s)@(?=[a-z])/i)
  return {
    description: description.trim(),
    tags: tags.map(tag => ({ name: tag.match(/^\w+/)?.[0] ?? '', text: tag.replace(/^\w+/, '').trim() })),
  }
}

/** A schema with what JSDoc says of it: text as annotations, constraints as keywords. */
export function applyDocumentation(slots: Slots, schema: JSONSchema, remarks: Remarks): JSONSchema {
  const { documentation, place } = remarks
  const constrained = documentation.tags.reduce((result, tag) => {
    const constraint = findConstraint(tag.name)
    const text = tag.text?.trim() ?? ''
    return constraint === undefined ? result : applyConstraint(slots, result, { constraint, text, place })
  }, schema)
  checkBounds(documentation, place)
  checkPattern(documentation, place)
  return { ...constrained, ...annotations(slots, constrained, remarks) }
}

const BOUNDS = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
] as const

function checkBounds({ tags }: Documentation, place: Place): void {
  const textOf = (name: string) => tags.find(tag => tag.name === name)?.text?.trim()
  for (const [lower, upper] of BOUNDS) {
    const [from, to] = [textOf(lower), textOf(upper)]
    if (Number(from) > Number(to)) {
      throw invalid(place, `has @${lower} ${from} above @${upper} ${to}`, 'Swap them, or correct one.')
    }
  }
}

/** @throws StartupError `invalid_constraint` for a pattern that a caller could hold up the server with. */
function checkPattern({ tags }: Documentation, place: Place): void {
  const textOf = (name: string) => tags.find(tag => tag.name === name)?.text?.trim()
  const [pattern, maxLength] = [textOf('pattern'), textOf('maxLength')]
  const fault = pattern && judgePattern(pattern, maxLength === undefined ? undefined : Number(maxLength))
  if (fault) throw invalid(place, `has @pattern ${pattern}, ${fault.found}`, fault.instead)
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
  if (result === undefined) {
    throw invalid(
      place,
      `has @${tag}, which applies to ${constraint.appliesTo} only`,
      `Remove @${tag}, or change the type.`,
    )
  }
  return result
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
    // JSON.parse gives JSON values, whatever its type says.
    return JSON.parse(text) as JSONValue
  } catch {
    return undefined
  }
}

function invalid(place: Place, found: string, instead: string): Error {
  return toStartupError(place, { code: 'invalid_constraint', found, instead })
}
