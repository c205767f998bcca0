import { EXACT_POWERS, LARGEST_POWER, POWER_RESTS, POWERS } from './powers-of-ten.ts'

/** From here on, not every integer is a double. */
export const INTEGERS: number = 2 ** 53
const LARGEST_EXACT = EXACT_POWERS.length - 1

/** Splits a double into halves of 26 bits, whose products are doubles (Veltkamp). */
const SPLIT = 2 ** 27 + 1

/** What the product of two sums of doubles may be wrong by, as a part of itself: sixteen times what its roundings add up to. */
const ERROR = 2 ** -98

/**
 * The double that is nearest to `(leading + trailing) × 10^exponent`; `NaN` if that is not certain, as half way between two
 * doubles, or outside the table of powers.
 *
 * With few digits, one product or quotient of two exact doubles is rounded once (Clinger, "How to read floating point numbers
 * accurately", 1990). With more, the product is computed as the sum of two doubles, which is right to 102 bits (Dekker, "A
 * floating-point technique for extending the available precision", 1971). If the sum rounds to the same double with the
 * largest error added and subtracted, that double is the nearest one.
 *
 * @param leading - An integer below 2^62 that a double represents exactly.
 * @param trailing - An integer below 10^15, and below the power of ten that `leading` is a multiple of.
 */
export function toDouble(leading: number, trailing: number, exponent: number): number {
  const near = leading + trailing
  const rest = trailing - (near - leading)
  if (near < INTEGERS && exponent >= -LARGEST_EXACT && exponent <= LARGEST_EXACT) {
    return exponent < 0 ? near / (EXACT_POWERS[-exponent] ?? 1) : near * (EXACT_POWERS[exponent] ?? 1)
  }
  if (exponent < -LARGEST_POWER || exponent > LARGEST_POWER) return near === 0 ? 0 : Number.NaN
  const power = POWERS[LARGEST_POWER + exponent] ?? 1
  const product = near * power
  const small = productRest(near, power, product) + (near * (POWER_RESTS[LARGEST_POWER + exponent] ?? 0) + rest * power)
  const error = product * ERROR
  const double = product + (small + error)
  return double === product + (small - error) ? double : Number.NaN
}

/** What a product was rounded by, exactly. */
function productRest(left: number, right: number, product: number): number {
  const leftHigh = SPLIT * left - (SPLIT * left - left)
  const rightHigh = SPLIT * right - (SPLIT * right - right)
  const leftLow = left - leftHigh
  const rightLow = right - rightHigh
  return leftHigh * rightHigh - product + leftHigh * rightLow + leftLow * rightHigh + leftLow * rightLow
}
