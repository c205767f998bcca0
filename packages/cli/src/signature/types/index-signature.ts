import type { JSONSchema } from 'incant/internal/signature'
import { type Type, TypeFlags } from '../compiler/compiler.ts'
import { type Documentation, readCommentBefore } from './documentation.ts'
import { unmark } from './marks.ts'
import { presentSchema } from './members.ts'
import { memberPlace, type Place } from './problem.ts'
import { applyDocumentation } from './remarks.ts'
import { refuseType, type SchemaContext, schemaOf } from './schema-context.ts'
import { NUMERIC_KEY, templatePattern } from './template.ts'

type IndexInfo = ReturnType<SchemaContext['checker']['getIndexInfosOfType']>[number]

/** The index signatures of a type: `patternProperties` and `additionalProperties`. */
export function indexSchema(
  context: SchemaContext,
  type: Type,
  { place, mapped }: { readonly place: Place; readonly mapped: Documentation | undefined },
): JSONSchema {
  const patterns: Record<string, JSONSchema> = {}
  let rest: JSONSchema | false | undefined
  for (const info of context.checker.getIndexInfosOfType(type)) {
    if (info.keyType.flags & TypeFlags.ESSymbolLike) continue
    const at = memberPlace(place, '[*]')
    const value = presentSchema(context, info.valueType, at)
    const documentation = mapped ?? indexDocumentation(context, info)
    const schema =
      documentation === undefined ? value : applyDocumentation(context, value, { documentation, place: at })
    const pattern = keyPattern(context, info.keyType, at)
    if (pattern === undefined) rest = schema
    else patterns[pattern] = schema
    // What the key's own constraint does not match is no key.
    if (unmark(context, info.keyType).aliases.length > 0) rest ??= false
  }
  return {
    ...(Object.keys(patterns).length > 0 && { patternProperties: patterns }),
    ...(rest !== undefined && { additionalProperties: rest }),
  }
}

/** The JSDoc of an index signature, which has no symbol. */
function indexDocumentation({ sources }: SchemaContext, { declaration }: IndexInfo): Documentation | undefined {
  const node = declaration !== undefined && sources.has(declaration.path) ? declaration.resolve() : undefined
  return node && readCommentBefore(node, node.pos)
}

function keyPattern(context: SchemaContext, key: Type, place: Place): string | undefined {
  if (unmark(context, key).aliases.length > 0) return markedKeyPattern(context, key, place)
  if (key.flags & TypeFlags.Number) return NUMERIC_KEY
  return key.isTemplateLiteralType() ? templatePattern(key.texts, key.getTypes()) : undefined
}

/** An alias with a pattern is one for keys; other constraints have no form there. */
function markedKeyPattern(context: SchemaContext, key: Type, place: Place): string | undefined {
  const { type, pattern, description, ...others } = schemaOf(context, key, place)
  if (pattern !== undefined && Object.keys(others).length === 0) return pattern
  const names = unmark(context, key).aliases.map(({ name }) => name)
  refuseType(context, place, {
    what: `under keys of ${names.join(' and ')}, whose constraints have no form for keys`,
    instead: 'Write @pattern on it, and nothing else, or string.',
  })
  return undefined
}
