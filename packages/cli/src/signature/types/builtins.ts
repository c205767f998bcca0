import { type DecodedType, type JSONSchema, NUMBER_ARRAYS, numberArraySchema } from 'incant/internal/signature'
import { bareType } from '../compiler/bare-type.ts'
import { type Checker, ObjectFlags, SymbolFlags, type Type, TypeFlags } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { originOf } from '../compiler/origin.ts'
import type { Direction } from './schema-context.ts'

const base64 = (type: DecodedType): JSONSchema => ({ type: 'string', contentEncoding: 'base64', 'x-incant-type': type })

/** Files of a form. */
const FILES: Readonly<Record<string, JSONSchema>> = Object.fromEntries(
  (['File', 'Blob', 'Uint8Array', 'ArrayBuffer', 'Buffer'] as const).map(type => [
    type,
    { type: 'string', format: 'binary', 'x-incant-type': type },
  ]),
)

/** Standard classes with a wire form, the same in both directions. */
const CARRIED: Readonly<Record<string, JSONSchema>> = {
  Date: { type: 'string', format: 'date-time', 'x-incant-type': 'Date' },
  Uint8Array: base64('Uint8Array'),
  ArrayBuffer: base64('ArrayBuffer'),
  Buffer: base64('Buffer'),
  ...Object.fromEntries(NUMBER_ARRAYS.map(type => [type, numberArraySchema(type)])),
}

/** Standard classes whose `toJSON` gives a string that does not come back as what it was. */
const WRITTEN: Readonly<Record<string, JSONSchema>> = { URL: { type: 'string', format: 'uri' } }

const BODY = 'Make it a separate parameter: a body is either JSON or this.'
const FILE = 'Make it a field of a Form, or a separate parameter.'
const OWN_PARAMETER = 'Make it a separate parameter.'

/** Standard classes that JSON cannot carry, with what to write in their place. */
const REFUSED: Readonly<Record<string, string>> = {
  Map: 'Write Record<string, V>.',
  ReadonlyMap: 'Write Record<string, V>.',
  Set: 'Write T[] with @uniqueItems.',
  ReadonlySet: 'Write T[] with @uniqueItems.',
  WeakMap: 'Write Record<string, V>.',
  WeakSet: 'Write T[].',
  RegExp: 'Write string.',
  Promise: 'Write the type that it resolves to.',
  PromiseLike: 'Write the type that it resolves to.',
  Error: 'Write { message: string }.',
  URL: 'Write string with @format uri.',
  Function: 'Remove it, or send what it needs as data.',
  Object: 'Write object, or an interface with the members.',
  String: 'Write string, in lower case.',
  Number: 'Write number, in lower case.',
  Boolean: 'Write boolean, in lower case.',
  Symbol: 'Write string.',
  SharedArrayBuffer: 'Write ArrayBuffer.',
  ArrayBufferView: 'Write Uint8Array.',
  ArrayLike: 'Write T[].',
  ConcatArray: 'Write T[].',
  URLSearchParams: 'Write Record<string, string>.',
  WeakRef: 'Write the type that it refers to.',
  DataView: 'Write Uint8Array.',
  Float16Array: 'Write Float32Array.',
  Generator: 'Write async *predict to stream, or return an array.',
  Iterator: 'Write T[].',
  Iterable: 'Write T[].',
  IterableIterator: 'Write T[].',
  AsyncGenerator: 'Write T[].',
  AsyncIterable: 'Write T[].',
  AsyncIterableIterator: 'Write T[].',
  Request: OWN_PARAMETER,
  Response: 'Give back a Response by itself.',
  Headers: 'Write Record<string, string>.',
  AbortSignal: 'Take a PredictContext: it has a signal.',
  FormData: BODY,
  Blob: FILE,
  File: FILE,
  ReadableStream: BODY,
  Readable: 'Take a ReadableStream as a separate parameter.',
  IncomingMessage: 'Take the standard Request as a separate parameter.',
  ServerResponse: 'Give back a Response.',
}

/** The names of a type and of those that it extends, as far as they are declared by one origin. */
export function namesFrom(checker: Checker, given: Type, origin: 'standard' | 'incant'): readonly string[] {
  const type = bareType(given)
  const symbol = type.getSymbol()
  if (symbol === undefined || !(type.flags & TypeFlags.Object)) return []
  const own = originOf(symbol) === origin ? [symbol.name] : []
  return [...own, ...baseTypesOf(checker, type).flatMap(base => namesFrom(checker, base, origin))]
}

const knownBases = new WeakMap<Type, readonly Type[]>()

/** The bases of a class or an interface. The compiler is asked once. */
export function baseTypesOf(checker: Checker, type: Type): readonly Type[] {
  const bases = knownBases.get(type) ?? readBases(checker, type)
  knownBases.set(type, bases)
  return bases
}

function readBases(checker: Checker, type: Type): readonly Type[] {
  if (type.isIntersectionType()) return constituentsOf(type)
  const declared = type.isTypeReference() && !type.isClassOrInterface() ? type.getTarget() : type
  return declared.isClassOrInterface() && !(declared.objectFlags & ObjectFlags.Tuple)
    ? checker.getBaseTypes(declared)
    : []
}

const TABLES: Readonly<Record<Direction, Readonly<Record<string, JSONSchema>>>> = {
  input: CARRIED,
  form: CARRIED,
  field: { ...CARRIED, ...FILES },
  output: { ...CARRIED, ...WRITTEN },
}

/** How a standard class travels, and what to write where it cannot. */
export interface Builtin {
  readonly name: string
  readonly schema?: JSONSchema
  readonly instead: string
}

/** A standard class that is not looked into. */
export function findBuiltin(checker: Checker, type: Type, direction: Direction): Builtin | undefined {
  const table = TABLES[direction]
  for (const name of namesFrom(checker, type, 'standard')) {
    const schema = table[name]
    if (schema !== undefined) return { name, schema, instead: '' }
    const instead = adviceFor(name, direction)
    if (instead !== undefined) return { name, instead }
  }
  const name = behavingName(checker, type)
  return name === undefined ? undefined : { name, instead: 'Write an interface that has its data alone.' }
}

/** A body by itself is a parameter on the way in, and the whole answer on the way out. */
function adviceFor(name: string, direction: Direction): string | undefined {
  const instead = REFUSED[name]
  const isBody = instead === BODY || instead === FILE || instead === OWN_PARAMETER
  return isBody && direction === 'output' ? `Return the ${name} by itself, or a string in its place.` : instead
}

/** The standard class or interface that a type is or extends, where it has methods: no table can name them all. */
function behavingName(checker: Checker, type: Type): string | undefined {
  const symbol = type.getSymbol()
  if (symbol === undefined || !(symbol.flags & (SymbolFlags.Class | SymbolFlags.Interface))) return undefined
  if (originOf(symbol) !== 'standard') {
    const names =
      symbol.flags & SymbolFlags.Class ? baseTypesOf(checker, type).map(base => behavingName(checker, base)) : []
    return names.find(name => name !== undefined)
  }
  if (LISTS.includes(symbol.name)) return undefined
  const members = [...symbol.getMembers().values()]
  return members.some(({ flags }) => flags & (SymbolFlags.Method | SymbolFlags.Accessor)) ? symbol.name : undefined
}

/** Read as arrays. */
const LISTS: readonly string[] = ['Array', 'ReadonlyArray', 'TemplateStringsArray']
