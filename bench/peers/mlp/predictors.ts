import { BasePredictor, BatchPredictor, batch } from 'incant'
import { Classifier, type Label } from './classifier.ts'

interface Vector {
  data: Float32Array
}

export class Single extends BasePredictor {
  readonly #classifier = new Classifier()

  override setup(): Promise<void> {
    return this.#classifier.load()
  }

  predict({ data }: Vector): Promise<Label> {
    return this.#classifier.classify(data)
  }
}

@batch({ maxSize: Number(process.env.BENCH_BATCH ?? 32) })
export class Batched extends BatchPredictor {
  readonly #classifier = new Classifier()

  override setup(): Promise<void> {
    return this.#classifier.load()
  }

  predictBatch(vectors: Vector[]): Promise<Label[]> {
    return this.#classifier.classifyAll(vectors.map(({ data }) => data))
  }
}
