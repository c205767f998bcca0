/** Up to this many stop strings are looked for, each of so many characters at most: it is done for every piece. */
const MAX_STOPS = 16
const MAX_LENGTH = 1000

/** The stop strings of a request. Undefined: it is no list of strings. */
export function readStops(stop: unknown): readonly string[] | undefined {
  const stops = stop === undefined || stop === null ? [] : typeof stop === 'string' ? [stop] : stop
  if (!Array.isArray(stops) || stops.length > MAX_STOPS) return undefined
  return stops.every(isStop) ? stops.filter(text => text !== '') : undefined
}

/** Half of a character would cut the other half off. */
function isStop(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LENGTH && !LONE_SURROGATE.test(value)
}

const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Ends a text before the first of its stop strings, whatever the pieces that it comes in: that is the one that is complete
 * first, and of several that are complete at once the longest. The end of a piece that may be the beginning of one is held
 * back, and so is half a character.
 */
export class StopScanner {
  readonly #stops: readonly string[]
  #held = ''
  #stopped = false

  constructor(stops: readonly string[]) {
    this.#stops = stops
  }

  /** Whether a stop string has ended the text. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Takes a piece, and gives the text that can leave. */
  push(piece: string): string {
    if (this.#stopped) return ''
    const text = this.#held + piece
    const end = this.#findEnd(text)
    if (end !== undefined) {
      this.#stopped = true
      this.#held = ''
      return text.slice(0, end)
    }
    const kept = text.length - this.#heldLength(text)
    this.#held = text.slice(kept)
    return text.slice(0, kept)
  }

  /** The text that was held back, at the end of all. */
  flush(): string {
    const text = this.#held
    this.#held = ''
    return text
  }

  /** Where the stop string begins that is complete first. */
  #findEnd(text: string): number | undefined {
    let first: { readonly start: number; readonly end: number } | undefined
    for (const stop of this.#stops) {
      const start = text.indexOf(stop)
      if (start === -1) continue
      const end = start + stop.length
      if (first === undefined || end < first.end || (end === first.end && start < first.start)) first = { start, end }
    }
    return first?.start
  }

  #heldLength(text: string): number {
    const longest = Math.max(0, ...this.#stops.map(stop => overlap(text, stop)))
    const at = text.charCodeAt(text.length - longest - 1)
    return isHighSurrogate(at) ? longest + 1 : longest
  }
}

/** How much of the end of a text is the beginning of a stop string. */
function overlap(text: string, stop: string): number {
  const first = stop.charAt(0)
  let start = text.indexOf(first, Math.max(0, text.length - stop.length + 1))
  while (start !== -1 && !stop.startsWith(text.slice(start))) start = text.indexOf(first, start + 1)
  return start === -1 ? 0 : text.length - start
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
