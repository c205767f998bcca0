import type { JSONSchema } from 'incant/internal/signature'
import { isMarkKey } from '../compiler/alias-marks.ts'
import { type Type, TypeFlags, type TypeSymbol } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { isArray } from '../compiler/lists.ts'
import { originOf } from '../compiler/origin.ts'
import { isMapped } from './callable.ts'
import type { MarkedAlias } from './marked-aliases.ts'
import { applyMarks, unmark } from './marks.ts'
import { presentSchema } from './members.ts'
import { memberPlace, type Place } from './problem.ts'
import { refuseType, type SchemaContext, schemaOf } from './schema-context.ts'

/**
 * The schema of a mapped type over a text, a number or a list with a mark: it has the members of `String`, `Number` or
 * `Array`. Over a text without a mark it is the text, and over a list it is a list of what it makes of the items.
 */
export function dissectedSchema(context: SchemaContext, type: Type, place: Place): JSONSchema | undefined {
  if (context.aliases.size === 0 || !isMapped(type)) return undefined
  const members = context.checker.getPropertiesOfType(type)
  if (!members.some(isOfValue)) return undefined
  const alias = members.filter(({ escapedName }) => isMarkKey(escapedName)).flatMap(key => aliasUnder(context, key))[0]
  const whole = alias?.type && unmark(context, alias.type).parts[0]
  if (alias?.type !== undefined && whole !== undefined) {
    if (whole.flags & TypeFlags.Primitive || whole.isTemplateLiteralType()) return schemaOf(context, alias.type, place)
    if (isArray(context.checker, whole)) {
      return applyMarks(context, { type: 'array', items: itemsOf(context, type, place) }, { aliases: [alias], place })
    }
  }
  return refuseType(context, place, {
    what: 'a mapped type over an alias with JSDoc constraints, which takes it apart',
    instead: 'Map its members one by one, or write the constraints on the members.',
  })
}

/** The mark's member, or one that only texts, numbers or lists have. */
function isOfValue(member: TypeSymbol): boolean {
  const isStandard = ['charAt', 'toFixed', 'concat'].includes(member.name) && originOf(member) === 'standard'
  return isStandard || isMarkKey(member.escapedName)
}

/** The alias whose key is in the type derived from the mark. */
function aliasUnder({ checker, aliases }: SchemaContext, key: TypeSymbol): readonly MarkedAlias[] {
  const type = checker.getTypeOfSymbol(key)
  const parts = type === undefined ? [] : constituentsOf(type)
  return parts.flatMap(part => (part.isStringLiteralType() ? (aliases.get(part.value) ?? []) : []))
}

function itemsOf(context: SchemaContext, type: Type, place: Place): JSONSchema {
  const index = context.checker.getIndexInfosOfType(type).find(({ keyType }) => keyType.flags & TypeFlags.Number)
  return presentSchema(context, index?.valueType, memberPlace(place, '[]'))
}
