import { BasePredictor } from 'incant'

/**
 * @typedef {object} Rectangle
 * @property {number} width
 * @property {number} height
 */

/** JavaScript: JSDoc says the types, and they are checked just the same. */
export default class Predictor extends BasePredictor {
  /** @param {Rectangle} rectangle */
  predict({ width, height }) {
    return { area: width * height }
  }
}
