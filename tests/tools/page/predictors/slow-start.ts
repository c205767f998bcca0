import { setTimeout as sleep } from 'node:timers/promises'
import Words from './words.ts'

/** Long enough to be seen while it starts. */
export default class SlowStart extends Words {
  override async setup() {
    await sleep(5000)
  }
}
