import { type ParameterDeclaration, type Type, TypeFlags } from '../compiler/compiler.ts'
import type { Place } from '../types/problem.ts'
import type { SchemaContext } from '../types/schema-context.ts'

interface PayloadParameter {
  readonly type: Type
  readonly node: ParameterDeclaration | undefined
  readonly place: Place
}

/** Says that nothing of a payload is checked where nothing says that this is meant, as `unknown` does. */
export function warnOfUnchecked(context: SchemaContext, { type, node, place }: PayloadParameter): void {
  if (!(type.flags & TypeFlags.Any) || type.isErrorType() || node === undefined) return
  const isScript = /\.[cm]?jsx?$/.test(node.getSourceFile().fileName)
  const [typed, unknown] = isScript
    ? [`/** @param {{ text: string }} ${place.path} */ above it`, `{unknown} ${place.path}`]
    : [`${place.path}: { text: string }`, `${place.path}: unknown`]
  context.warn(place, {
    code: 'unsupported_type',
    found: `${node.type === undefined ? 'has no type' : 'is any'}: nothing of a request is checked`,
    instead: `Write its type: ${typed}; or ${unknown}, which says that this is meant.`,
  })
}
