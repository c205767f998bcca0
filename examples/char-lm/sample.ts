/** Gives numbers from 0 up to 1. */
export type Random = () => number

/** Chooses an index by its likelihood; a temperature below 1 prefers the likelier ones, 0 takes the likeliest. */
export function sample(logits: Float32Array, temperature: number, random: Random): number {
  const best = logits.indexOf(logits.reduce((most, logit) => Math.max(most, logit)))
  if (temperature === 0) return best
  const highest = logits[best] ?? 0
  const weights = logits.map(logit => Math.exp((logit - highest) / temperature))
  let rest = random() * weights.reduce((sum, weight) => sum + weight)
  const chosen = weights.findIndex(weight => {
    rest -= weight
    return rest < 0
  })
  return chosen === -1 ? best : chosen
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
