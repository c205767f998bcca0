import { setTimeout as sleep } from 'node:timers/promises'
import { BatchPredictor, batch } from 'incant'

@batch({ maxSize: 4 })
export default class Batching extends BatchPredictor {
  async predictBatch(items: { number: number }[]): Promise<number[]> {
    await sleep(20)
    return items.map(({ number }) => number * 2)
  }
}
