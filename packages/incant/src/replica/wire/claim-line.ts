import type { Writable } from 'node:stream'
import type { Line } from './channel.ts'

/** The file descriptors of the line in a replica. */
export const CLAIM_FD = { input: 5, output: 6 } as const

/** In a word of the line: the call was taken back, rather than started. */
export const TAKEN_BACK = 0x8000_0000

/** Bytes of a word. */
const WORD = 4

/**
 * The front's end of the line beside a replica's channel, which a separate thread answers while predict holds up the
 * replica. It carries numbers of calls: to the replica those to take back, from it those that were taken back, and of the
 * others those that predict has begun. Without a {@link BegunFile} it has those too as they begin.
 */
export class ClaimLine {
  readonly #output: Writable
  readonly #onStarted: (n: number) => void
  readonly #onTakenBack: (n: number) => void
  #rest: Buffer | undefined

  constructor({ input, output }: Line, onStarted: (n: number) => void, onTakenBack: (n: number) => void) {
    this.#output = output
    this.#onStarted = onStarted
    this.#onTakenBack = onTakenBack
    input.on('data', (chunk: Buffer) => this.#read(chunk))
  }

  /** Asks for a call back that predict has not begun. */
  takeBack(n: number): void {
    if (this.#output.writable) this.#output.write(encodeWord(n))
  }

  #read(chunk: Buffer): void {
    const words = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    for (; at + WORD <= words.byteLength; at += WORD) {
      const word = words.readUInt32LE(at)
      if (word >= TAKEN_BACK) this.#onTakenBack(word - TAKEN_BACK)
      else this.#onStarted(word)
    }
    this.#rest = at === words.byteLength ? undefined : words.subarray(at)
  }
}

/** A word as it goes over the line. */
export function encodeWord(word: number): Buffer {
  const bytes = Buffer.allocUnsafe(WORD)
  bytes.writeUInt32LE(word)
  return bytes
}
