import { readFile } from 'node:fs/promises'
import { InferenceSession, Tensor } from 'onnxruntime-node'

/** How far the model has read one text. */
export interface Reading {
  /** Characters that it has not read yet, as numbers. */
  unread: readonly number[]
  /** What it remembers of those that it has. */
  memory: Float32Array
  /** How likely each character is to come next. */
  logits: Float32Array
}

/** Stands for the start of a text, and for characters that the model has never seen. */
const UNKNOWN = 0

/** Characters of one prompt that are read in one step: what they take is about what a step for 32 texts takes. */
const PART = 16

/** A recurrent network that reads one character at a time and says which may come next. */
export class CharacterModel {
  readonly #session: InferenceSession
  readonly #characters: readonly string[]
  readonly #hidden: number

  private constructor(session: InferenceSession, characters: readonly string[], hidden: number) {
    this.#session = session
    this.#characters = characters
    this.#hidden = hidden
  }

  /** Loads `charlm.onnx` and `charlm.json` from a folder. */
  static async load(folder: URL): Promise<CharacterModel> {
    const { chars, hidden } = JSON.parse(await readFile(new URL('charlm.json', folder), 'utf8'))
    const weights = await readFile(new URL('charlm.onnx', folder))
    // A step is too small to be shared between threads.
    const session = await InferenceSession.create(weights, { intraOpNumThreads: 1 })
    return new CharacterModel(session, chars, hidden)
  }

  /** A text of which nothing has been read. */
  begin(prompt: string): Reading {
    const unread = [UNKNOWN, ...Array.from(prompt, character => this.#numberOf(character))]
    return { unread, memory: new Float32Array(this.#hidden), logits: new Float32Array(this.#characters.length) }
  }

  /** The character of a number. */
  characterOf(number: number): string {
    return this.#characters[number] ?? ''
  }

  /** Reads on in every text. One run of the model serves all of which it reads the same number of characters. */
  async read(readings: readonly Reading[]): Promise<void> {
    const groups: Reading[][] = []
    for (const reading of readings) {
      const length = Math.min(PART, reading.unread.length)
      groups[length] ??= []
      groups[length].push(reading)
    }
    for (const [length, group] of groups.entries()) if (group !== undefined) await this.#run(group, length)
  }

  #numberOf(character: string): number {
    return Math.max(UNKNOWN, this.#characters.indexOf(character))
  }

  /** Reads the next characters of each text, as many in every one of them. */
  async #run(readings: readonly Reading[], length: number): Promise<void> {
    const count = readings.length
    const numbers = readings.flatMap(({ unread }) => unread.slice(0, length))
    const before = joinRows(
      readings.map(({ memory }) => memory),
      this.#hidden,
    )
    const { logits, hN } = await this.#session.run({
      tokens: new Tensor('int64', BigInt64Array.from(numbers, BigInt), [count, length]),
      h: new Tensor('float32', before, [1, count, this.#hidden]),
    })
    if (!(logits?.data instanceof Float32Array) || !(hN?.data instanceof Float32Array))
      throw new Error('charlm.onnx is another model')
    for (const [index, reading] of readings.entries()) {
      reading.unread = reading.unread.slice(length)
      reading.memory = row(hN.data, index, this.#hidden)
      // One row for each character read; the last is for what comes next.
      reading.logits = row(logits.data, (index + 1) * length - 1, this.#characters.length)
    }
  }
}

/** Rows one after the other. Those of the last run stand so already, if the same texts go on. */
function joinRows(rows: readonly Float32Array[], length: number): Float32Array {
  const buffer = rows[0]?.buffer
  const stands = rows.every((values, index) => values.buffer === buffer && values.byteOffset === 4 * index * length)
  if (stands && buffer !== undefined) return new Float32Array(buffer, 0, rows.length * length)
  const joined = new Float32Array(rows.length * length)
  for (const [index, values] of rows.entries()) joined.set(values, index * length)
  return joined
}

function row(values: Float32Array, index: number, length: number): Float32Array {
  return values.subarray(index * length, (index + 1) * length)
}
