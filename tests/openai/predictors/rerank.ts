import { BasePredictor } from 'incant'
import type { RerankRequest } from 'incant/openai'

export default class Ranker extends BasePredictor {
  predict({ query, documents }: RerankRequest): Float32Array {
    return Float32Array.from(documents, document => (document.includes(query) ? 1 : 0))
  }
}
