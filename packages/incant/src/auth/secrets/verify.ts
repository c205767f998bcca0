import type { Principal } from '../../predictor/context.ts'
import type { Verdict } from '../strategy.ts'

/** A check of one's own. */
export type Verify<Parameters extends readonly unknown[]> = (
  ...parameters: Parameters
) => Verification | Promise<Verification>

/** Only `true` or a principal lets a caller in. */
export type Verification = boolean | Principal | undefined | null

/**
 * Reads what a check returned. `'false'`, `1` and the like are mistakes in the check: they must neither let a caller in
 * nor blame the caller's credentials.
 *
 * @param id - The caller, where the check only returns `true`.
 * @throws {TypeError} This becomes a 500.
 */
export function toVerdict(verification: unknown, id: string): Verdict {
  if (verification === true) return { id }
  if (verification === false || verification === undefined || verification === null) return { refused: 'invalid' }
  // Its members are checked where every verdict is.
  if (typeof verification === 'object' && !('refused' in verification)) return verification as Principal
  throw new TypeError(`verify returned a ${typeof verification}: only true or a principal lets a caller in`)
}
