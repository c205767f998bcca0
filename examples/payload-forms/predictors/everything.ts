import { type BackgroundTasks, BasePredictor } from 'incant'

interface Order {
  item: string
  /** @integer @minimum 1 @default 1 */
  count?: number
}

/** Payload, request and tasks in one call, in any order; the request's body can still be read. */
export default class Predictor extends BasePredictor {
  #bytes = 0

  async predict(tasks: BackgroundTasks, request: Request, order: Order) {
    const body = await request.text()
    tasks.add((size: number) => {
      this.#bytes += size
    }, body.length)
    return { ...order, client: request.headers.get('x-client'), body, bytesBefore: this.#bytes }
  }
}
