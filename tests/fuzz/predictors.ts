import { BasePredictor, type Form } from 'incant'

interface Tree {
  leaf: string
  kids?: Tree[]
}

interface Payload {
  /** @maxLength 10000 */
  text: string
  list: number[]
  choice: { kind: 'a'; a: string } | { kind: 'b'; b: number }
  tree?: Tree
  big?: bigint
  when?: Date
  bytes?: Uint8Array
  counts?: Record<string, number>
  pair?: [string, number]
  size?: `${number}px`
  /** @uniqueItems @maxItems 100 */
  only?: string[]
}

/** Gives back nothing of what it was given, so that no answer looks like one of another status. */
export class ForJSON extends BasePredictor {
  predict(payload: Payload): { ok: true; keys: number } {
    return { ok: true, keys: Object.keys(payload).length }
  }
}

export class ForForms extends BasePredictor {
  async predict(form: Form<{ image: File; top?: number; note?: string }>): Promise<{ ok: true; bytes: number }> {
    return { ok: true, bytes: (await form.image.arrayBuffer()).byteLength }
  }
}
