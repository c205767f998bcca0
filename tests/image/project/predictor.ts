import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BasePredictor } from 'incant'

interface Wait {
  /** How long to wait. @minimum 0 @maximum 10000 */
  milliseconds: number
}

interface Waited {
  word: string
  uid: number | undefined
  model: string
}

export default class Waiter extends BasePredictor {
  async predict({ milliseconds }: Wait): Promise<Waited> {
    await sleep(milliseconds)
    return { word: 'first', uid: process.getuid?.(), model: this.#describeModel() }
  }

  #describeModel(): string {
    const { name, version, digest = '', path } = this.modelInfo
    const words = join(path, 'words.txt')
    return `${name}:${version} ${digest} ${existsSync(words) ? readFileSync(words, 'utf8') : ''}`.trim()
  }
}
