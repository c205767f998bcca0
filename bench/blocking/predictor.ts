import { BasePredictor } from 'incant'

/** Never lets go of its thread when it is told to. */
export default class Looping extends BasePredictor {
  predict({ loop }: { loop: boolean }): { done: boolean } {
    for (; loop; );
    return { done: true }
  }
}
