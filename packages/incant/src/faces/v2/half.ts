/** A floating-point format of 16 bits: those of its fraction, and what is added to its exponent. The sign is the highest. */
interface SmallFloat {
  readonly fraction: number
  readonly bias: number
}

/** IEEE 754 binary16, and bfloat16, the upper half of a float of 32 bits. */
export const SMALL_FLOATS: { readonly FP16: SmallFloat; readonly BF16: SmallFloat } = {
  FP16: { fraction: 10, bias: 15 },
  BF16: { fraction: 7, bias: 127 },
}

const view = new DataView(new ArrayBuffer(8))

/** The bits of a number, rounded to the nearest, ties to even. */
export function toSmallBits(value: number, { fraction, bias }: SmallFloat): number {
  view.setFloat64(0, value)
  const upper = view.getUint32(0)
  const sign = upper >>> 31 === 1 ? 0x8000 : 0
  const infinity = 0x7fff ^ ((1 << fraction) - 1)
  if (Number.isNaN(value)) return sign | infinity | (1 << (fraction - 1))
  if (!Number.isFinite(value)) return sign | infinity
  // Below the smallest normal number, the steps stay the same.
  const exponent = Math.max(((upper >>> 20) & 0x7ff) - 1023, 1 - bias)
  const steps = roundToEven(Math.abs(value) * 2 ** (fraction - exponent))
  // A carry out of the fraction is the next exponent, and out of the last one infinity.
  return sign | Math.min(((exponent + bias - 1) << fraction) + steps, infinity)
}

/** The number of such bits. */
export function fromSmallBits(bits: number, { fraction, bias }: SmallFloat): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits & 0x7fff) >>> fraction
  const steps = bits & ((1 << fraction) - 1)
  const highest = (1 << (15 - fraction)) - 1
  if (exponent === highest) return steps === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * steps * 2 ** (1 - bias - fraction)
  return sign * (1 + steps / (1 << fraction)) * 2 ** (exponent - bias)
}

/** The multiplication before it is exact, by a power of two. */
function roundToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}
