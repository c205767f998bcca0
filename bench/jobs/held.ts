import { BasePredictor, concurrency } from 'incant'

/** Never returns: jobs wait behind it. */
@concurrency(1)
export default class Held extends BasePredictor {
  predict({ text }: { text: string }): Promise<string> {
    return new Promise(resolve => setTimeout(resolve, 86_400_000, text))
  }
}
