import { BasePredictor } from 'incant'

export default class Numbers extends BasePredictor {
  predict(payload: { data: number[] }): number {
    return payload.data.length
  }
}
