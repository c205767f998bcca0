import { type Checker, SignatureKind, type Type } from '../compiler/compiler.ts'

const known = new WeakMap<Type, boolean>()

/** Whether a type's values are functions or classes. The compiler is asked once. */
export function isCallable(checker: Checker, type: Type): boolean {
  const kinds = [SignatureKind.Call, SignatureKind.Construct]
  const answer = known.get(type) ?? kinds.some(kind => checker.getSignaturesOfType(type, kind).length > 0)
  known.set(type, answer)
  return answer
}
