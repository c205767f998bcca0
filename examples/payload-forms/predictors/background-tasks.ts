import { type BackgroundTasks, BasePredictor } from 'incant'

interface Vote {
  option: string
}

/** `BackgroundTasks`: work that starts when the response has been sent, and that a stop of the server waits for. */
export default class Predictor extends BasePredictor {
  #counted: Record<string, number> = {}

  predict({ option }: Vote, tasks: BackgroundTasks) {
    tasks.add(this.#count, this.#counted, option)
    return { counted: { ...this.#counted } } // this vote is not yet among them
  }

  async #count(counted: Record<string, number>, option: string) {
    counted[option] = (counted[option] ?? 0) + 1
  }
}
