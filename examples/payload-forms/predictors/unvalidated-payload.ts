import { BasePredictor } from 'incant'

/** `unknown`, `any` or no type: any JSON at all, parsed but not checked. */
export default class Predictor extends BasePredictor {
  predict(payload: unknown) {
    const kind = Array.isArray(payload) ? 'array' : payload === null ? 'null' : typeof payload
    return { kind, payload }
  }
}
