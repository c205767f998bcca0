import { readFile } from 'node:fs/promises'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { type Box, type Normalization, type PageImage, toPlanes } from './page-image.ts'

const NORMALIZATION: Normalization = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] }

/** The height that the model was trained on. */
const LINE_HEIGHT = 48

/** Text, and how sure the model is of it: the mean over its characters, 0 to 1. */
export interface Reading {
  text: string
  confidence: number
}

/** Reads one line of text. */
export class Recognizer {
  readonly #session: InferenceSession
  readonly #alphabet: readonly string[]

  private constructor(session: InferenceSession, alphabet: readonly string[]) {
    this.#session = session
    this.#alphabet = alphabet
  }

  /** `dictionary`: a file with one character a line, in the order of the model's classes. */
  static async load(path: string, dictionary: string, options: InferenceSession.SessionOptions): Promise<Recognizer> {
    const characters = (await readFile(dictionary, 'utf8')).replace(/\r?\n$/, '').split(/\r?\n/)
    // Class 0 is "no character here"; the one after the last of the file is the space.
    return new Recognizer(await InferenceSession.create(path, options), ['', ...characters, ' '])
  }

  async read(page: PageImage, box: Box): Promise<Reading> {
    const width = Math.max(LINE_HEIGHT, Math.ceil((box.width * LINE_HEIGHT) / box.height))
    const { values } = await toPlanes(page, box, { width, height: LINE_HEIGHT, ...NORMALIZATION })
    const output = await this.#session.run({ x: new Tensor('float32', values, [1, 3, LINE_HEIGHT, width]) })
    const [tensor] = Object.values(output)
    if (!(tensor?.data instanceof Float32Array)) throw new TypeError('The recognition model gave no probabilities.')
    return decode(tensor.data, this.#alphabet)
  }
}

/**
 * Greedy decoding of a CTC output (connectionist temporal classification): the best class of each step, repetitions and
 * blanks removed.
 */
export function decode(probabilities: Float32Array, alphabet: readonly string[]): Reading {
  const characters: string[] = []
  let certainty = 0
  let previous = 0
  for (let start = 0; start < probabilities.length; start += alphabet.length) {
    const best = indexOfLargest(probabilities, start, start + alphabet.length)
    if (best !== 0 && best !== previous) {
      characters.push(alphabet[best] ?? '')
      certainty += probabilities[start + best] ?? 0
    }
    previous = best
  }
  return { text: characters.join('').trim(), confidence: characters.length === 0 ? 0 : certainty / characters.length }
}

function indexOfLargest(values: Float32Array, start: number, end: number): number {
  let largest = start
  for (let index = start + 1; index < end; index += 1) {
    if ((values[index] ?? 0) > (values[largest] ?? 0)) largest = index
  }
  return largest - start
}
