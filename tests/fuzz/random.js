/**
 * Numbers that look random and are the same for the same seed (mulberry32), and what is chosen by them.
 */
export class Random {
  #state

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0
  }

  /** From 0 to 1, 1 apart. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number below another. */
  below(limit) {
    return Math.floor(this.next() * limit)
  }

  chance(probability) {
    return this.next() < probability
  }

  /** One of a list. */
  pick(list) {
    return list[this.below(list.length)]
  }

  bytes(length) {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }
}

/** Bytes that parsers stumble over. */
const TROUBLE = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '"',
  '\\',
  '%',
  '\x7f',
  '\x80',
  '\xff',
  '\xef\xbb\xbf',
  '\xed\xa0\x80',
]

/** The same bytes with a few of them changed: flipped, put in, taken out, repeated, cut off. */
export function mutate(random, bytes) {
  let mutated = bytes
  for (let count = 1 + random.below(3); count > 0; count -= 1) mutated = mutateOnce(random, mutated)
  return mutated
}

function mutateOnce(random, bytes) {
  const at = random.below(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + random.below(20))
  const [before, inside, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)]
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([before, Buffer.from(random.pick(TROUBLE), 'latin1'), inside, after])
    case 1:
      return Buffer.concat([before, after])
    case 2:
      return Buffer.concat([before, inside, inside, after])
    case 3:
      return Buffer.concat([before, random.bytes(inside.length), after])
    case 4:
      return random.chance(0.3) ? before : Buffer.concat([before, Buffer.from(random.pick(TROUBLE), 'latin1'), after])
    default:
      return Buffer.concat([
        before,
        Buffer.alloc(random.below(300), random.pick(['a', '0', '[', '{', ' ', '\xff'])),
        inside,
        after,
      ])
  }
}
