/** The result of scanning a JSON text: where it stops being JSON, or where an object repeats a member. */
export interface JSONFault {
  readonly kind: 'syntax' | 'duplicate'
  /** In UTF-16 code units from the start. */
  readonly offset: number
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y
const LITERAL = /true|false|null/y
const SPACE = /[ \t\n\r]*/y

/**
 * Walks a JSON text (RFC 8259) for the first fault. It is only for texts that `JSON.parse` has refused, whose messages
 * quote the input, and for the strict option; it recurses no deeper than the depth limit that was checked before.
 */
export function findFault(text: string, options: { readonly duplicates: boolean }): JSONFault | undefined {
  return new Scanner(text, options.duplicates).scan()
}

class Scanner {
  readonly #text: string
  readonly #duplicates: boolean
  #position = 0

  constructor(text: string, duplicates: boolean) {
    this.#text = text
    this.#duplicates = duplicates
  }

  scan(): JSONFault | undefined {
    const fault = this.#value()
    this.#skip(SPACE)
    return fault ?? (this.#position < this.#text.length ? this.#syntax() : undefined)
  }

  #value(): JSONFault | undefined {
    if (this.#take('{')) return this.#members()
    if (this.#take('[')) return this.#elements()
    return this.#skipString() || this.#skip(NUMBER) || this.#skip(LITERAL) ? undefined : this.#syntax()
  }

  #elements(): JSONFault | undefined {
    if (this.#take(']')) return undefined
    do {
      const fault = this.#value()
      if (fault !== undefined) return fault
    } while (this.#take(','))
    return this.#take(']') ? undefined : this.#syntax()
  }

  #members(): JSONFault | undefined {
    const names = new Set<unknown>()
    if (this.#take('}')) return undefined
    do {
      const fault = this.#name(names) ?? (this.#take(':') ? this.#value() : this.#syntax())
      if (fault !== undefined) return fault
    } while (this.#take(','))
    return this.#take('}') ? undefined : this.#syntax()
  }

  #name(names: Set<unknown>): JSONFault | undefined {
    this.#skip(SPACE)
    const offset = this.#position
    if (!this.#skipString()) return this.#syntax()
    if (!this.#duplicates) return undefined
    const name: unknown = JSON.parse(this.#text.slice(offset, this.#position))
    if (names.has(name)) return { kind: 'duplicate', offset }
    names.add(name)
    return undefined
  }

  #syntax(): JSONFault {
    return { kind: 'syntax', offset: this.#position }
  }

  #take(character: string): boolean {
    this.#skip(SPACE)
    if (this.#text[this.#position] !== character) return false
    this.#position += 1
    return true
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#position
    if (!pattern.test(this.#text)) return false
    this.#position = pattern.lastIndex
    return true
  }

  // A loop and not one expression: the engine keeps a step to go back to for each character of a long string.
  #skipString(): boolean {
    if (this.#text[this.#position] !== '"') return false
    this.#position += 1
    while (this.#position < this.#text.length && this.#text[this.#position] !== '"') {
      if (!this.#skipCharacter()) return false
    }
    if (this.#position === this.#text.length) return false
    this.#position += 1
    return true
  }

  #skipCharacter(): boolean {
    const code = this.#text.charCodeAt(this.#position)
    if (code === 0x5c) return this.#skip(ESCAPE)
    if (code < 0x20) return false
    this.#position += 1
    return true
  }
}

/** `line 2, column 5`, both counted from 1. */
export function describePosition(text: string, offset: number): string {
  let line = 1
  let lineStart = 0
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', lineStart)) {
    line += 1
    lineStart = end + 1
  }
  return `line ${line}, column ${offset - lineStart + 1}`
}
