import type { Principal } from '../../predictor/context.ts'
import type { Verdict } from '../strategy.ts'

/** A check of one's own. */
export type Verify<Parameters extends readonly unknown[]> = (
  ...parameters: Parameters
) => Verification | Promise<Verification>

/** Only `true` or a principal lets a caller in. */
export type Verification = boolean | Principal | undefined | null

/**
 * Reads what a check gave back. `'false'`, `1` and the like are no answer but a mistake in the check: it must neither let
 * anybody in nor tell callers that their credentials are bad.
 *
 * @param id - Who calls, where the check only says `true`.
 * @throws {TypeError} which becomes a 500.
 */
export function toVerdict(verification: unknown, id: string): Verdict {
  if (verification === true) return { id }
  if (verification === false || verification === undefined || verification === null) return { refused: 'invalid' }
  // What it is made of is looked at where every verdict is.
  if (typeof verification === 'object' && !('refused' in verification)) return verification as Principal
  throw new TypeError(`verify gave back a ${typeof verification}: only true or a principal lets a caller in`)
}
