import type { JSONSchema, ReturnSignature } from 'incant/signature'
import { namesFrom } from './builtins.ts'
import { type Checker, type Type, TypeFlags } from './compiler.ts'
import { memberPlace, type Place } from './problem.ts'
import { isStringLike } from './roles.ts'
import { type SchemaContext, typeToSchema } from './schema.ts'
import { unionSchema } from './union-schema.ts'

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

/** What predict gives back, in each of its forms. Empty where the type says nothing. */
export function readReturns(context: SchemaContext, type: Type, place: Place): readonly ReturnSignature[] {
  return readForms(context, settledTypes(context.checker, type), place)
}

/** The forms of types that are no promises. */
export function readForms(context: SchemaContext, parts: readonly Type[], place: Place): readonly ReturnSignature[] {
  if (parts.some(part => part.flags & TypeFlags.AnyOrUnknown)) return []
  const byKind = new Map<ReturnKind, Type[]>()
  for (const part of parts) {
    const kind = kindOf(context.checker, part)
    if (kind !== undefined) byKind.set(kind, [...(byKind.get(kind) ?? []), part])
  }
  return [...byKind].map(([kind, types]) => readForm(context, kind, types, place))
}

/** What a promise resolves to, in any union; of a type that is no promise, its parts. */
export function settledTypes(checker: Checker, type: Type): readonly Type[] {
  const parts = type.isUnionType() ? type.getTypes() : [type]
  return parts.flatMap(part => {
    const resolved = argumentOf(checker, part, ['Promise', 'PromiseLike'])
    return resolved === undefined ? [part] : settledTypes(checker, resolved)
  })
}

/** The first type argument of a standard generic type. */
function argumentOf(checker: Checker, type: Type, names: readonly string[]): Type | undefined {
  const isNamed = namesFrom(checker, type, 'standard').some(name => names.includes(name))
  return isNamed && type.isTypeReference() ? checker.getTypeArguments(type)[0] : undefined
}

function kindOf(checker: Checker, type: Type): ReturnKind | undefined {
  if (type.flags & TypeFlags.Never) return undefined
  if (isStringLike(type)) return 'text'
  return namesFrom(checker, type, 'standard').flatMap(name => STANDARD_KINDS[name] ?? [])[0] ?? 'json'
}

function readForm(context: SchemaContext, kind: ReturnKind, types: readonly Type[], place: Place): ReturnSignature {
  if (kind === 'bytes' || kind === 'response') return { kind }
  if (kind === 'stream') return { kind, schema: itemSchema(context, types, place) }
  return { kind, schema: formSchema(context, types, place) }
}

function itemSchema(context: SchemaContext, types: readonly Type[], place: Place): JSONSchema {
  const items = types.flatMap(type => (type.isTypeReference() ? (context.checker.getTypeArguments(type)[0] ?? []) : []))
  return formSchema(context, items, memberPlace(place, '[]'))
}

/** What is not there is `null` on the wire. */
function formSchema(context: SchemaContext, types: readonly Type[], place: Place): JSONSchema {
  const [only, ...others] = types
  const isAbsent = (type: Type) => (type.flags & (TypeFlags.Undefined | TypeFlags.Void)) !== 0
  if (types.every(isAbsent)) return { type: 'null' }
  if (only !== undefined && others.length === 0) return typeToSchema(context, only, place)
  const schema = unionSchema(context, types, place)
  return types.some(isAbsent) ? withNull(schema) : schema
}

function withNull(schema: JSONSchema): JSONSchema {
  return {
    anyOf: [
      ...(schema.anyOf !== undefined && schema.discriminator === undefined ? schema.anyOf : [schema]),
      { type: 'null' },
    ],
  }
}
