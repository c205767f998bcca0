import { isMarkName } from './alias-marks.ts'
import type { Type } from './compiler.ts'
import { constituentsOf } from './constituents.ts'

/** A type without the marks of aliases, where one type is left. */
export function bareType(type: Type): Type {
  if (!type.isIntersectionType()) return type
  const [only, ...others] = constituentsOf(type).filter(part => !isMarkName(part.getSymbol()?.name ?? ''))
  return only === undefined || others.length > 0 ? type : only
}
