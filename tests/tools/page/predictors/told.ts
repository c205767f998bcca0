import { BasePredictor } from 'incant'

/** Gives back what it is told. */
export default class Told extends BasePredictor {
  predict(payload: { text: string; list?: string[]; deep?: { a: number | null } }) {
    return payload
  }
}
