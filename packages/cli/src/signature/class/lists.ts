import { type Checker, type Type, TypeFlags } from '../compiler/compiler.ts'
import { namesFrom } from '../types/builtins.ts'

/** Standard classes that have one thing at each index. */
export const LISTS: readonly string[] = ['Array', 'ReadonlyArray']
const NUMBERS: readonly string[] = ['Int8', 'Uint8', 'Uint8Clamped', 'Int16', 'Uint16', 'Int32', 'Uint32']

/** Those that have a number. */
export const TYPED_LISTS: readonly string[] = [...NUMBERS, 'Float16', 'Float32', 'Float64'].map(name => `${name}Array`)

/** The item type of a list; that of `any` is `any`. */
export function elementOf(checker: Checker, type: Type, lists: readonly string[]): Type | undefined {
  if (type.flags & TypeFlags.AnyOrUnknown) return type
  if (!namesFrom(checker, type, 'standard').some(name => lists.includes(name))) return undefined
  const index = checker.getIndexInfosOfType(type).find(({ keyType }) => keyType.flags & TypeFlags.Number)
  return index?.valueType
}
