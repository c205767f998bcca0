// A browser without a window, driven over the DevTools protocol through a pipe.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The longest that the browser may take for one thing on a busy machine, in milliseconds. */
const PATIENCE = 60_000

/** Options of a Chromium without a window, which asks nothing of the network by itself. */
export const HEADLESS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Does something with a browser in which a name leads to this machine, and ends the browser. */
export async function withChromium(name, work) {
  const profile = mkdtempSync(join(tmpdir(), 'incant-pages-'))
  const own = [`--user-data-dir=${profile}`, `--host-resolver-rules=MAP ${name} 127.0.0.1`]
  const child = spawn('chromium', [...HEADLESS, '--remote-debugging-pipe', ...own, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  try {
    return await work(new Chromium(child))
  } finally {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    child.kill('SIGTERM')
    await ended
    await removeProfile(profile)
  }
}

/** The browser's other processes end a moment after it, and write until then. */
async function removeProfile(profile) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      rmSync(profile, { recursive: true, force: true })
      return
    } catch (error) {
      if (attempt === 50) throw error
      await sleep(100)
    }
  }
}

class Chromium {
  #pipe
  #last = 0
  #calls = new Map()

  constructor(child) {
    this.#pipe = child.stdio[3]
    let rest = ''
    child.stdio[4].setEncoding('utf8').on('data', text => {
      const messages = (rest + text).split('\0')
      rest = messages.pop()
      for (const message of messages) this.#settle(JSON.parse(message))
    })
    child.once('exit', () => {
      for (const { reject } of this.#calls.values()) reject(new Error('the browser has ended'))
    })
  }

  /** Opens a page in a tab. */
  async open(url) {
    const { targetId } = await this.#call('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.#call('Target.attachToTarget', { targetId, flatten: true })
    const { errorText } = await this.#call('Page.navigate', { url }, sessionId)
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`)
    const close = () => this.#call('Target.closeTarget', { targetId })
    const run = (work, ...parameters) =>
      this.#run(sessionId, `(${work})(${parameters.map(text => JSON.stringify(text))})`)
    await run(
      () => document.readyState === 'complete' || new Promise(done => addEventListener('load', done, { once: true })),
    )
    return { run, close }
  }

  async #run(sessionId, expression) {
    const parameters = { expression, awaitPromise: true, returnByValue: true, userGesture: true }
    const { result, exceptionDetails } = await this.#call('Runtime.evaluate', parameters, sessionId)
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }

  #call(method, params, sessionId) {
    this.#last += 1
    const id = this.#last
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} took too long`)), PATIENCE)
      this.#calls.set(id, { resolve, reject, timer })
      this.#pipe.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  #settle({ id, result, error }) {
    const call = this.#calls.get(id)
    if (call === undefined) return
    this.#calls.delete(id)
    clearTimeout(call.timer)
    if (error === undefined) call.resolve(result)
    else call.reject(new Error(error.message))
  }
}
