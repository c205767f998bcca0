import type { ValidationIssue } from '../errors/issue.ts'
import type { Places } from '../json/cut-arrays.ts'
import type { NumberKind } from './number-view.ts'

/** The result of a {@link Validator}: the value for predict, or the places where it does not match. */
export type Validation =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false
      /** At least one, at most {@link MAX_ISSUES}. */
      readonly issues: readonly ValidationIssue[]
    }

/** Checks a value and gives it the form predict takes. It never throws for what it is given, and never waits without need. */
export interface Validator {
  validate(value: unknown): Validation | Promise<Validation>
  /** Where the value may have arrays of numbers, and which of them may already be typed arrays. */
  readonly numbers?: Places<NumberKind> | undefined
}

/** As many issues as one validation reports; the search for more stops there. */
export const MAX_ISSUES = 50
