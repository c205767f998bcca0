import { isMarkKey } from '../compiler/alias-marks.ts'
import type { Type, TypeSymbol } from '../compiler/compiler.ts'
import { originOf } from '../compiler/origin.ts'
import { memberPlace, type Place } from './problem.ts'
import type { SchemaContext } from './schema-context.ts'

/** A named member of a type. */
export interface Member {
  readonly symbol: TypeSymbol
  readonly type: Type
  readonly place: Place
}

/** The named members of a type. */
export function membersOf(context: SchemaContext, type: Type, place: Place): readonly Member[] {
  const symbols = context.checker.getPropertiesOfType(type)
  const types = context.checker.getTypeOfSymbol(symbols)
  return symbols.flatMap((symbol, index): Member[] => {
    const memberType = types[index]
    return memberType === undefined || isMarkKey(symbol.escapedName)
      ? []
      : [{ symbol, type: memberType, place: placeOf(context, place, symbol) }]
  })
}

function placeOf({ sources }: SchemaContext, place: Place, symbol: TypeSymbol): Place {
  const name = memberName(symbol)
  const isBracketed = name.startsWith('[') && symbol.escapedName.startsWith('__@')
  const isWord = /^#?[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)
  const step = isBracketed ? name : isWord ? `.${name}` : `[${JSON.stringify(name)}]`
  const [declaration] = symbol.declarations
  return memberPlace(place, step, declaration && sources.has(declaration.path) ? declaration : undefined)
}

/** A member's name as it is written: the compiler has internal names for `#private` members and those under symbols. */
export function memberName(symbol: TypeSymbol): string {
  const hidden = /^__#\d+@(#.*)$/.exec(symbol.escapedName)?.[1]
  if (hidden !== undefined) return hidden
  const key = /^__@(.*)@\d+$/.exec(symbol.escapedName)?.[1]
  if (key === undefined) return symbol.name
  return originOf(symbol) === 'standard' || WELL_KNOWN.includes(key) ? `[Symbol.${key}]` : `[${key}]`
}

const WELL_KNOWN: readonly string[] = [
  'toStringTag',
  'iterator',
  'asyncIterator',
  'toPrimitive',
  'dispose',
  'asyncDispose',
  'hasInstance',
  'species',
]
