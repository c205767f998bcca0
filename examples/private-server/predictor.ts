import { BasePredictor, type PredictContext } from 'incant'

interface Passage {
  /** @example "hello" */
  text: string
}

/** Knows nothing of networks: who may call it is said where it is served. */
export default class Predictor extends BasePredictor {
  predict({ text }: Passage, { client }: PredictContext) {
    return { length: text.length, calledFrom: client.address }
  }
}
