import { BasePredictor } from 'incant'
import type { Embedding } from 'incant/openai'
import Embedder from '../../examples/embeddings/predictor.ts'

type Passages = Parameters<Embedder['predictBatch']>[0]

/** What a predictor has done since it was last asked. */
interface Work {
  /** Of each batch. */
  sizes: number[]
  /** Milliseconds in predictBatch. */
  busy: number
  /** Milliseconds of processor time that its process has used in all. */
  cpu: number
}

function readCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The example, and an account of what it computes, which `GET /health` gives. */
export class Batched extends Embedder {
  #sizes: number[] = []
  #busy = 0

  override async predictBatch(passages: Passages): Promise<Embedding[]> {
    const startedAt = performance.now()
    const vectors = await super.predictBatch(passages)
    this.#sizes.push(passages.length)
    this.#busy += performance.now() - startedAt
    return vectors
  }

  override health(): Work {
    const work = { sizes: this.#sizes.splice(0), busy: this.#busy, cpu: readCpu() }
    this.#busy = 0
    return work
  }
}

/** The same model, one text at a time: what a server does that knows no batches. */
export class Single extends BasePredictor {
  #embedder = new Embedder()

  override setup(): Promise<void> {
    return this.#embedder.setup()
  }

  override health(): Work {
    return { sizes: [], busy: 0, cpu: readCpu() }
  }

  async predict(passage: Passages[number]): Promise<Embedding | undefined> {
    return (await this.#embedder.predictBatch([passage]))[0]
  }
}
