import { withoutMarkTypes } from './alias-marks.ts'
import type { Checker, Type } from './compiler.ts'

/** A type as TypeScript writes it, for a message or a name. */
export function typeText(checker: Checker, type: Type): string {
  return withoutMarkTypes(checker.typeToString(type))
}
