import { readFile } from 'node:fs/promises'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { type Random, sample } from './sample.ts'

/** How a text is continued. */
export interface Continuation {
  readonly prompt: string
  /** How many characters. */
  readonly length: number
  /** How bold: 0 always takes the likeliest character. */
  readonly temperature: number
  readonly random: Random
}

/** What the model knows after reading some characters: what may come next, and its memory. */
interface State {
  readonly logits: Float32Array
  readonly memory: Tensor
}

/** Stands for the start of a text, and for characters that the model has never seen. */
const UNKNOWN = 0

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

  /** Gives the characters that follow a prompt, each as soon as it is known. */
  async *continue({ prompt, length, temperature, random }: Continuation): AsyncGenerator<string> {
    const empty = new Tensor('float32', new Float32Array(this.#hidden), [1, 1, this.#hidden])
    let state = await this.#read([UNKNOWN, ...Array.from(prompt, character => this.#numberOf(character))], empty)
    for (let count = 0; count < length; count += 1) {
      const next = sample(state.logits, temperature, random)
      yield this.#characters[next] ?? ''
      state = await this.#read([next], state.memory)
    }
  }

  #numberOf(character: string): number {
    return Math.max(UNKNOWN, this.#characters.indexOf(character))
  }

  async #read(numbers: readonly number[], memory: Tensor): Promise<State> {
    const tokens = new Tensor('int64', BigInt64Array.from(numbers, BigInt), [1, numbers.length])
    const { logits, hN } = await this.#session.run({ tokens, h: memory })
    if (!(logits?.data instanceof Float32Array) || !(hN instanceof Tensor))
      throw new Error('charlm.onnx is another model')
    // One row of them for each character read; the last is for what comes next.
    return { logits: logits.data.subarray(-this.#characters.length), memory: hN }
  }
}
