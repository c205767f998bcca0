import type { BodyClass, Role } from 'incant/internal/signature'
import { bareType } from '../compiler/bare-type.ts'
import { type Checker, type Type, TypeFlags } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { originOf } from '../compiler/origin.ts'
import { typeText } from '../compiler/type-text.ts'
import { namesFrom } from '../types/builtins.ts'
import { presentTypes } from '../types/union.ts'

/** The role of a parameter, by its type. */
export interface RoleReading {
  readonly role: Role
  readonly bodyClass?: BodyClass
}

/** A parameter's type that is several things at once. */
export interface Ambiguity {
  readonly ambiguous: string
}

const STANDARD_ROLES: Readonly<Record<string, RoleReading>> = {
  Request: { role: 'request' },
  FormData: { role: 'form' },
  Buffer: { role: 'bytes', bodyClass: 'Buffer' },
  Uint8Array: { role: 'bytes', bodyClass: 'Uint8Array' },
  ArrayBuffer: { role: 'bytes', bodyClass: 'ArrayBuffer' },
  File: { role: 'blob', bodyClass: 'File' },
  Blob: { role: 'blob', bodyClass: 'Blob' },
  ReadableStream: { role: 'stream' },
}

const INCANT_ROLES: Readonly<Record<string, RoleReading>> = {
  PredictContext: { role: 'context' },
  BackgroundTasks: { role: 'tasks' },
}

/** Decides a parameter's role by its type, through aliases, subclasses and imports; never by its name. */
export function roleOf(checker: Checker, type: Type): RoleReading | Ambiguity {
  const parts = presentTypes(type).map(bareType)
  if (formFields(checker, type) !== undefined) return { role: 'form' }
  const special = parts.flatMap(part => specialRole(checker, part) ?? [])
  const [first] = special
  if (first === undefined) return { role: isText(parts) ? 'text' : 'payload' }
  const isSame =
    parts.length === special.length &&
    special.every(({ role, bodyClass }) => role === first.role && bodyClass === first.bodyClass)
  if (!isSame || parts.some(part => part.isIntersectionType())) return { ambiguous: typeText(checker, type) }
  return first
}

/** The fields of `Form<Fields>`, through any alias of it; `undefined` for every other type. */
export function formFields(checker: Checker, type: Type): Type | undefined {
  const fields = presentTypes(type).map(part => markedFields(checker, part))
  return fields.every(found => found !== undefined) ? fields[0] : undefined
}

/** The mark is one part of an intersection, or all that is left of one with an empty object. */
function markedFields(checker: Checker, type: Type): Type | undefined {
  if (type.isIntersectionType()) return type.getTypes().flatMap(part => markedFields(checker, part) ?? [])[0]
  const symbol = type.getSymbol()
  const isMark = symbol?.name === 'FormFields' && originOf(symbol) === 'incant' && type.isTypeReference()
  return isMark ? checker.getTypeArguments(type)[0] : undefined
}

function specialRole(checker: Checker, type: Type): RoleReading | undefined {
  if (type.isIntersectionType()) {
    return constituentsOf(type).flatMap(part => specialRole(checker, part) ?? [])[0]
  }
  const standard = namesFrom(checker, type, 'standard').flatMap(name => STANDARD_ROLES[name] ?? [])
  if (markedFields(checker, type) !== undefined) return { role: 'form' }
  const incant = namesFrom(checker, type, 'incant').flatMap(name => INCANT_ROLES[name] ?? [])
  return standard[0] ?? incant[0]
}

function isText(parts: readonly Type[]): boolean {
  return parts.length > 0 && parts.every(isStringLike)
}

/** A string, a literal, a template; also with a brand. */
export function isStringLike(type: Type): boolean {
  if (type.isIntersectionType()) return constituentsOf(type).some(isStringLike)
  return (type.flags & TypeFlags.StringLike) !== 0
}
