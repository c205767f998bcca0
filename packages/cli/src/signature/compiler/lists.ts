import type { Checker, Type } from './compiler.ts'

const arrays = new WeakMap<Type, boolean>()
const tuples = new WeakMap<Type, boolean>()

/** Whether a type is an array. Only a reference to a generic type can be one: the compiler is asked about no other, once. */
export function isArray(checker: Checker, type: Type): boolean {
  return type.isTypeReference() && remember(arrays, type, () => checker.isArrayType(type))
}

/** Whether a type is a tuple, under the same conditions. */
export function isTuple(checker: Checker, type: Type): boolean {
  return type.isTypeReference() && remember(tuples, type, () => checker.isTupleType(type))
}

function remember(answers: WeakMap<Type, boolean>, type: Type, ask: () => boolean): boolean {
  const answer = answers.get(type) ?? ask()
  answers.set(type, answer)
  return answer
}
