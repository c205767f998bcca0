import { InferenceSession, Tensor } from 'onnxruntime-node'

export interface Label {
  label: number
}

/** Says for a row of numbers which of the model's outputs is largest. */
export class Classifier {
  /** On one thread, as in the servers that it is compared with. */
  readonly #session = InferenceSession.create(process.env.BENCH_MODEL ?? '', { intraOpNumThreads: 1 })

  async load(): Promise<void> {
    await this.#session
  }

  async classify(vector: Float32Array): Promise<Label> {
    return { label: indexOfMaximum(await this.#run(vector, 1)) }
  }

  async classifyAll(vectors: readonly Float32Array[]): Promise<Label[]> {
    const length = vectors[0]?.length ?? 0
    const rows = new Float32Array(vectors.length * length)
    for (const [index, vector] of vectors.entries()) rows.set(vector, index * length)
    const scores = await this.#run(rows, vectors.length)
    const width = scores.length / vectors.length
    return vectors.map((_, index) => ({ label: indexOfMaximum(scores.subarray(index * width, (index + 1) * width)) }))
  }

  async #run(rows: Float32Array, count: number): Promise<Float32Array> {
    const x = new Tensor('float32', rows, [count, rows.length / count])
    const { y } = await (await this.#session).run({ x })
    if (!(y?.data instanceof Float32Array)) throw new Error('This is another model.')
    return y.data
  }
}

function indexOfMaximum(scores: Float32Array): number {
  let best = 0
  for (const [index, score] of scores.entries()) if (score > (scores[best] ?? 0)) best = index
  return best
}
