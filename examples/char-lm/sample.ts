/** Gives numbers from 0 up to 1. */
export type Random = () => number

/** What {@link sample} works with: memory that is given out and taken back costs more than its loops. */
let weights = new Float32Array()

/**
 * Chooses an index by its likelihood; a temperature below 1 prefers the likelier ones, 0 takes the likeliest. In plain
 * loops, since it runs for every character of every text.
 */
export function sample(logits: Float32Array, temperature: number, random: Random): number {
  const best = indexOfHighest(logits)
  if (temperature === 0) return best
  const highest = logits[best] ?? 0
  if (weights.length < logits.length) weights = new Float32Array(logits.length)
  let total = 0
  for (let index = 0; index < logits.length; index += 1) {
    const weight = Math.exp(((logits[index] ?? 0) - highest) / temperature)
    weights[index] = weight
    total += weight
  }
  let rest = random() * total
  for (let index = 0; index < logits.length; index += 1) {
    rest -= weights[index] ?? 0
    if (rest < 0) return index
  }
  return best
}

function indexOfHighest(logits: Float32Array): number {
  let best = 0
  for (let index = 1; index < logits.length; index += 1) if ((logits[index] ?? 0) > (logits[best] ?? 0)) best = index
  return best
}

/** Numbers that look random and are the same for the same seed (the generator "mulberry32"). */
export function seeded(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
