import type { JSONSchema } from 'incant/internal/signature'
import { isMarkName } from '../compiler/alias-marks.ts'
import { type Type, TypeFlags, type TypeSymbol } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import type { MarkedAlias } from './marked-aliases.ts'
import type { Place } from './problem.ts'
import { applyDocumentation } from './remarks.ts'
import type { SchemaContext } from './schema-context.ts'

/** A type without its marks, and the aliases of the marks. */
export interface Unmarked {
  /** None: `unknown`, of which the mark alone is left. */
  readonly parts: readonly Type[]
  readonly aliases: readonly MarkedAlias[]
}

/** Takes the marks out of a type. */
export function unmark(context: SchemaContext, type: Type): Unmarked {
  const mayBeMarked = context.aliases.size > 0 && (type.isIntersectionType() || type.isTypeReference())
  const all = mayBeMarked && type.isIntersectionType() ? constituentsOf(type) : [type]
  const aliases = mayBeMarked ? all.flatMap(part => aliasOf(context, part) ?? []) : []
  return aliases.length === 0
    ? { parts: [type], aliases }
    : { parts: all.filter(part => aliasOf(context, part) === undefined), aliases }
}

function aliasOf({ checker, aliases, met }: SchemaContext, type: Type): MarkedAlias | undefined {
  if (!type.isTypeReference() || !isMarkName(type.getSymbol()?.name ?? '')) return undefined
  const [key] = checker.getTypeArguments(type)
  const alias = key?.isStringLiteralType() ? aliases.get(key.value) : undefined
  if (alias !== undefined) met.add(alias)
  return alias
}

/** Whether a type is that of an alias whose constraints its marks carry. One of literals has no marks. */
export function isMarked(context: SchemaContext, type: Type, { name, declarations }: TypeSymbol): boolean {
  const path = declarations[0]?.path
  const isOfSymbol = (alias: MarkedAlias) => alias.name === name && alias.path === path
  if (![...context.aliases.values()].some(isOfSymbol)) return false
  return [type, ...constituentsOf(type)].some(part => unmark(context, part).aliases.some(isOfSymbol))
}

/** A schema with the JSDoc of aliases. */
export function applyMarks(
  context: SchemaContext,
  schema: JSONSchema,
  { aliases, place }: { readonly aliases: readonly MarkedAlias[]; readonly place: Place },
): JSONSchema {
  return aliases.reduce(
    (result, { documentation }) => applyDocumentation(context, result, { documentation, place }),
    schema,
  )
}

/** Constituents of a union that bear the same marks. */
export interface MarkedGroup extends Unmarked {
  /** Whether constraints on this group can be written on the union as a whole. */
  readonly isOnlyBesideNull: boolean
}

/** The constituents of a union by their marks; `undefined` where there are none. */
export function groupByMarks(context: SchemaContext, types: readonly Type[]): readonly MarkedGroup[] | undefined {
  if (context.aliases.size === 0) return undefined
  const groups = new Map<string, Unmarked>()
  for (const type of types) {
    const { parts, aliases } = unmark(context, type)
    const key = aliases.map(({ name, path }) => `${name} ${path}`).join('|')
    // An intersection of several is one constituent, marks and all.
    const bare = parts.length === 1 ? parts : [type]
    groups.set(key, { parts: [...(groups.get(key)?.parts ?? []), ...bare], aliases })
  }
  if (groups.size < 2 && groups.has('')) return undefined
  const rest = groups.get('')?.parts ?? []
  const marked = groups.size - (groups.has('') ? 1 : 0)
  const isOnlyBesideNull = marked === 1 && rest.every(({ flags }) => (flags & TypeFlags.Null) !== 0)
  return [...groups.values()].map(group => ({ ...group, isOnlyBesideNull }))
}
