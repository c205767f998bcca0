import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor, HTTPException } from 'incant'

interface Work {
  kind: 'echo' | 'numbers' | 'wait' | 'stream' | 'throw' | 'refuse'
  numbers?: number[]
}

/** Does a little of everything, as it is told. */
export default class Mixed extends BasePredictor {
  predict({ kind, numbers = [] }: Work): unknown {
    switch (kind) {
      case 'numbers':
        return numbers.reduce((sum, number) => sum + number, 0)
      case 'wait':
        return sleep(10_000)
      case 'stream':
        return items()
      case 'throw':
        throw new Error('a mistake of the predictor')
      case 'refuse':
        throw new HTTPException(418)
      default:
        return { kind }
    }
  }
}

async function* items(): AsyncGenerator<string> {
  for (let item = 0; item < 20; item += 1) {
    await sleep(5)
    yield 'x'.repeat(1000)
  }
}

/** Takes uploads as they come, and gives some of them back. */
export class Uploads extends BasePredictor {
  async predict(request: Request): Promise<Response> {
    if (request.headers.get('x-echo') === 'yes') return new Response(request.body)
    let bytes = 0
    for await (const chunk of request.body ?? []) bytes += chunk.byteLength
    return new Response(String(bytes))
  }
}
