import { createHash } from 'node:crypto'
import { BasePredictor } from 'incant'

/** Says what it got of a form. */
export default class Forms extends BasePredictor {
  async predict(form: FormData): Promise<string[][]> {
    return Promise.all([...form].map(async ([name, value]) => [name, ...(await describe(value))]))
  }
}

async function describe(value: string | File): Promise<string[]> {
  if (typeof value === 'string') return [value]
  const hash = createHash('sha256').update(new Uint8Array(await value.arrayBuffer()))
  return [value.name, value.type, hash.digest('hex').slice(0, 16)]
}
