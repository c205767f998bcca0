import { BasePredictor } from 'incant'

interface Passage {
  /** @minLength 1 @maxLength 10000 */
  text: string
  /** @integer @minimum 1 @maximum 10 */
  top: number
}

export class Small extends BasePredictor {
  predict({ text, top }: Passage): { length: number; top: number } {
    return { length: text.length, top }
  }
}

export class Bytes extends BasePredictor {
  predict(body: Uint8Array): { count: number; last: number | undefined } {
    return { count: body.length, last: body.at(-1) }
  }
}

export class Numbers extends BasePredictor {
  predict({ data }: { data: number[] }): { count: number; last: number | undefined } {
    return { count: data.length, last: data.at(-1) }
  }
}

/** Never awaits. */
export class Items extends BasePredictor {
  async *predict({ count }: { count: number }): AsyncGenerator<{ index: number }> {
    for (let index = 0; index < count; index += 1) yield { index }
  }
}
