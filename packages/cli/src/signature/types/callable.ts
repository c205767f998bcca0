import { type Checker, ObjectFlags, SignatureKind, type Type } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'

const known = new WeakMap<Type, boolean>()

/** Whether a type's values are functions or classes. The compiler is asked once. */
export function isCallable(checker: Checker, type: Type): boolean {
  const answer = known.get(type) ?? hasSignatures(checker, type)
  known.set(type, answer)
  return answer
}

function hasSignatures(checker: Checker, type: Type): boolean {
  if (isMapped(type)) return false
  if (type.isIntersectionType()) return constituentsOf(type).some(part => isCallable(checker, part))
  const kinds = [SignatureKind.Call, SignatureKind.Construct]
  return kinds.some(kind => checker.getSignaturesOfType(type, kind).length > 0)
}

/** Whether a type is a mapped one, which has members only. */
export function isMapped(type: Type): boolean {
  return type.isObjectType() && (type.objectFlags & ObjectFlags.Mapped) !== 0
}
