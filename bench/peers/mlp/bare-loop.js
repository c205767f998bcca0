import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { prepareModel } from '../starting/model.js'

const FILE = fileURLToPath(new URL('bare.js', import.meta.url))

/** The model with nothing around it, in batches of one size: the most that a server could reach. */
export class BareLoop {
  #process

  static async start(size, { payload }) {
    const env = { ...process.env, BENCH_MODEL: prepareModel(), NODE_ENV: 'production' }
    const child = fork(FILE, [String(size), JSON.stringify(payload.data)], { env })
    await once(child, 'message')
    return new BareLoop(child)
  }

  constructor(child) {
    this.#process = child
  }

  /** @returns {Promise<import('../subject.js').Figures>} */
  async measure(milliseconds) {
    this.#process.send(milliseconds)
    const [{ items, seconds, cpu }] = await once(this.#process, 'message')
    return { rate: items / seconds, cpu: cpu / items }
  }

  async stop() {
    const exit = once(this.#process, 'exit')
    this.#process.disconnect()
    await exit
  }
}
