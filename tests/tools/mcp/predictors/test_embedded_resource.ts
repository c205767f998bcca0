import { BasePredictor } from 'incant'

export default class Resource extends BasePredictor {
  /** A table, which is neither a picture nor a sound. */
  predict(): Blob {
    return new Blob(['a,b\n1,2\n'], { type: 'text/csv' })
  }
}
