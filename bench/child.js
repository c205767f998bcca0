import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * A process of the bench: it says something when it is ready, then answers one message at a time.
 */
export class Child {
  #process
  #name

  /**
   * @param {string} name for messages
   * @param {{ file: string, parameters?: string[], output: string }} options `file`: relative to this folder;
   * `output`: the file that takes its standard output
   */
  constructor(name, { file, parameters = [], output }) {
    this.#name = name
    const descriptor = openSync(output, 'a')
    this.#process = fork(fileURLToPath(new URL(file, import.meta.url)), parameters, {
      stdio: ['ignore', descriptor, 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    closeSync(descriptor)
    this.started = this.#next()
    // The caller that awaits it gets the failure; until then it must not end the bench and leave other processes behind.
    this.started.catch(() => {})
  }

  /** Sends a message, and gives the one that comes back. */
  ask(message) {
    const answer = this.#next()
    this.#process.send(message)
    return answer
  }

  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exit = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exit
  }

  async #next() {
    const waiting = new AbortController()
    const { signal } = waiting
    try {
      return await Promise.race([
        once(this.#process, 'message', { signal }).then(([message]) => message),
        this.#end(signal),
      ])
    } finally {
      waiting.abort()
    }
  }

  async #end(signal) {
    const [code, killedBy] = await once(this.#process, 'exit', { signal })
    throw new Error(`${this.#name} ended: ${killedBy ?? `exit code ${code}`}`)
  }
}
