import type { Type } from './compiler.ts'

const known = new WeakMap<Type, readonly Type[]>()

/** The constituents of a union or an intersection; of any other type, the type alone. The compiler is asked once. */
export function constituentsOf(type: Type): readonly Type[] {
  const types = known.get(type) ?? (type.isUnionType() || type.isIntersectionType() ? type.getTypes() : [type])
  known.set(type, types)
  return types
}
