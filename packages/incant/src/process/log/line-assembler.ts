import { isUtf8 } from 'node:buffer'
import { describeRest, LONGEST_TEXT } from './bounded-text.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** How long half a line waits for its other half, in milliseconds. */
const PATIENCE = 1000

/**
 * Splits bytes that come in pieces into lines. Of a line that is too long the beginning is kept and the rest counted;
 * an unfinished line becomes a whole one after a second. Empty lines are left out.
 */
export class LineAssembler {
  readonly #onLine: (line: string) => void
  #pieces: Uint8Array[] = []
  #length = 0
  #cut = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param onLine - Called with each line, without its end. */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  /** Takes the next bytes. */
  write(bytes: Uint8Array): void {
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      this.#keep(bytes.subarray(start, end))
      this.flush()
      start = end + 1
    }
    if (start === bytes.length) return
    this.#keep(bytes.subarray(start))
    this.#timer ??= setTimeout(() => this.flush(), PATIENCE).unref()
  }

  /** Gives out what is there as a line. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#length === 0) return
    const line = Buffer.concat(this.#pieces, this.#length)
    const cut = this.#cut
    this.#pieces = []
    this.#length = 0
    this.#cut = 0
    this.#onLine(cut === 0 ? decodeLine(line) : `${decodeLine(line)}${describeRest(cut, 'bytes')}`)
  }

  #keep(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, endOfCharacter(bytes, LONGEST_TEXT - this.#length))
    this.#cut += bytes.length - kept.length
    if (kept.length === 0) return
    // A copy: the writer may reuse the same memory.
    this.#pieces.push(Uint8Array.from(kept))
    this.#length += kept.length
  }
}

/** The last place at or before `end` that is not in the middle of a character of UTF-8. */
function endOfCharacter(bytes: Uint8Array, end: number): number {
  if (end >= bytes.length) return bytes.length
  let place = Math.max(0, end)
  while (place > 0 && end - place < 3 && ((bytes[place] ?? 0) & 0xc0) === 0x80) place -= 1
  return place
}

/** Text as it is; of anything else each byte that is not printable ASCII as `\xNN`. */
function decodeLine(bytes: Buffer): string {
  const line = bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes
  return isUtf8(line) ? line.toString('utf8') : line.toString('latin1').replace(/[^ -~]/g, escapeByte)
}

function escapeByte(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
