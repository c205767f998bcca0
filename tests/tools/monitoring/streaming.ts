import { BasePredictor } from 'incant'
import { bearerAuth } from 'incant/auth'
import { sendMetric } from 'incant/metrics'

interface Wish {
  text: string
  /** What goes wrong. */
  act?: 'throw' | 'exit'
}

@bearerAuth({ tokens: ['token-of-a-test'] })
export default class Streaming extends BasePredictor {
  async *predict({ text, act }: Wish): AsyncGenerator<string> {
    if (act === 'throw') throw new Error('The caller wished for it')
    if (act === 'exit') process.exit(3)
    sendMetric('letters', text.length, 'last')
    yield* text.split(' ')
  }
}
