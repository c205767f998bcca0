import { type Checker, SignatureKind, type Type } from '../compiler/compiler.ts'

/** Whether a type's values are functions or classes. */
export function isCallable(checker: Checker, type: Type): boolean {
  return [SignatureKind.Call, SignatureKind.Construct].some(kind => checker.getSignaturesOfType(type, kind).length > 0)
}
