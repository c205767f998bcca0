import type { JSONSchema, ReturnSignature } from 'incant/internal/signature'
import { type Checker, type Type, TypeFlags } from '../compiler/compiler.ts'
import { namesFrom } from '../types/builtins.ts'
import { memberPlace, type Place } from '../types/problem.ts'
import { type SchemaContext, schemaOf } from '../types/schema-context.ts'
import { settledTypes } from '../types/settled.ts'
import { unionSchema } from '../types/union.ts'
import { returnProtocol } from './protocol.ts'
import { isStringLike } from './roles.ts'

type ReturnKind = ReturnSignature['kind']

const STANDARD_KINDS: Readonly<Record<string, ReturnKind>> = {
  Response: 'response',
  Uint8Array: 'bytes',
  ArrayBuffer: 'bytes',
  Blob: 'bytes',
  ReadableStream: 'bytes',
  AsyncGenerator: 'stream',
  AsyncIterable: 'stream',
  AsyncIterableIterator: 'stream',
  AsyncIteratorObject: 'stream',
}

/** The result of predict, in each of its forms. Empty where the type does not say. */
export function readReturns(context: SchemaContext, type: Type, place: Place): readonly ReturnSignature[] {
  return readForms(context, settledTypes(context.checker, type), place)
}

/** The stream of a sequence, of which the types of the items are known. Empty where they say nothing. */
export function readSequenceForms(
  context: SchemaContext,
  items: readonly Type[],
  place: Place,
): readonly ReturnSignature[] {
  if (items.length === 0 || items.some(item => item.flags & TypeFlags.AnyOrUnknown)) return []
  if (items.some(item => isChunk(context.checker, item))) return [{ kind: 'bytes' }]
  return [{ kind: 'stream', schema: formSchema(context, items, place) }]
}

/** The forms of types that are no promises. */
export function readForms(context: SchemaContext, parts: readonly Type[], place: Place): readonly ReturnSignature[] {
  if (parts.some(part => part.flags & TypeFlags.AnyOrUnknown)) return []
  const byKind = new Map<ReturnKind, Type[]>()
  for (const part of parts) {
    const kind = kindOf(context.checker, part)
    if (kind !== undefined) byKind.set(kind, [...(byKind.get(kind) ?? []), part])
  }
  return [...byKind].map(([kind, types]) => {
    const protocol = types.map(type => returnProtocol(context.checker, type)).find(found => found !== undefined)
    return { ...readForm(context, { kind, types }, place), ...(protocol === undefined ? {} : { protocol }) }
  })
}

function kindOf(checker: Checker, type: Type): ReturnKind | undefined {
  if (type.flags & TypeFlags.Never) return undefined
  if (isStringLike(type)) return 'text'
  const kind = namesFrom(checker, type, 'standard').flatMap(name => STANDARD_KINDS[name] ?? [])[0] ?? 'json'
  return kind === 'stream' && hasChunks(checker, type) ? 'bytes' : kind
}

/** A stream whose items are bytes is sent as it is. */
function hasChunks(checker: Checker, type: Type): boolean {
  return itemTypes(checker, type).some(item => isChunk(checker, item))
}

function isChunk(checker: Checker, item: Type): boolean {
  return namesFrom(checker, item, 'standard').includes('Uint8Array')
}

function itemTypes(checker: Checker, type: Type): readonly Type[] {
  return type.isTypeReference() ? checker.getTypeArguments(type).slice(0, 1) : []
}

function readForm(
  context: SchemaContext,
  { kind, types }: { readonly kind: ReturnKind; readonly types: readonly Type[] },
  place: Place,
): ReturnSignature {
  if (kind === 'bytes' || kind === 'response') return { kind }
  if (kind === 'stream') return { kind, schema: itemSchema(context, types, place) }
  return { kind, schema: formSchema(context, types, place) }
}

function itemSchema(context: SchemaContext, types: readonly Type[], place: Place): JSONSchema {
  const items = types.flatMap(type => itemTypes(context.checker, type))
  return formSchema(context, items, memberPlace(place, '[]'))
}

/** An absent result is `null` in JSON. */
function formSchema(context: SchemaContext, types: readonly Type[], place: Place): JSONSchema {
  const [only, ...others] = types
  const isAbsent = (type: Type) => (type.flags & (TypeFlags.Undefined | TypeFlags.Void)) !== 0
  if (types.every(isAbsent)) return { type: 'null' }
  if (only !== undefined && others.length === 0) return schemaOf(context, only, place)
  const schema = unionSchema(context, types, place)
  return types.some(isAbsent) ? withNull(context.slots.dereference(schema) ?? schema) : schema
}

function withNull(schema: JSONSchema): JSONSchema {
  return {
    anyOf: [
      ...(schema.anyOf !== undefined && schema.discriminator === undefined ? schema.anyOf : [schema]),
      { type: 'null' },
    ],
  }
}
