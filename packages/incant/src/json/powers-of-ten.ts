/** The largest exponent of the table, and the negative of the smallest. */
export const LARGEST_POWER = 64

/** Powers of ten that a double has exactly: 10^0 to 10^22. */
export const EXACT_POWERS: Float64Array = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/**
 * 10^-64 to 10^64, from index 0 on, each as the sum of two doubles: the nearest one, and what is left. The sum is right
 * to 104 bits.
 */
export const POWERS: Float64Array = new Float64Array(2 * LARGEST_POWER + 1)

/** What is left of each of the {@link POWERS}. */
export const POWER_RESTS: Float64Array = new Float64Array(POWERS.length)

/** A power of two that every double of the table becomes an integer by. */
const SCALE = 300

for (let exponent = 0; exponent <= LARGEST_POWER; exponent += 1) {
  const power = 10n ** BigInt(exponent)
  const positive = LARGEST_POWER + exponent
  POWERS[positive] = Number(power)
  POWER_RESTS[positive] = Number(power - BigInt(Number(power)))
  // 10^-n is near + (1 - near × 10^n) ÷ 10^n.
  const negative = LARGEST_POWER - exponent
  const near = Number(`1e-${exponent}`)
  const rest = 2n ** BigInt(SCALE) - BigInt(near * 2 ** SCALE) * power
  POWERS[negative] = near
  POWER_RESTS[negative] = (Number(rest) / 2 ** SCALE) * near
}
