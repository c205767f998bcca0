import type { Checker, Type } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { namesFrom } from './builtins.ts'

/** The types that a union of promises and other types resolves to. */
export function settledTypes(checker: Checker, type: Type): readonly Type[] {
  const parts = type.isUnionType() ? constituentsOf(type) : [type]
  return parts.flatMap(part => {
    const resolved = argumentOf(checker, part, ['Promise', 'PromiseLike'])
    return resolved === undefined ? [part] : settledTypes(checker, resolved)
  })
}

/** The first type argument of a standard generic type. */
function argumentOf(checker: Checker, type: Type, names: readonly string[]): Type | undefined {
  const isNamed = namesFrom(checker, type, 'standard').some(name => names.includes(name))
  return isNamed && type.isTypeReference() ? checker.getTypeArguments(type)[0] : undefined
}
