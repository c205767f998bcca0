import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../examples/serving.js'
import { readTree } from './tree.js'

/** Time a server may take to start on a busy machine, in milliseconds. */
const START_TIMEOUT = 120_000
/** Time between two questions whether it is ready, in milliseconds. */
const PATIENCE = 50

const running = new Set()

// A bench that is ended leaves no servers behind.
process.on('exit', () => running.forEach(endTree))
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

/**
 * A server in another process, with its own processes.
 *
 * @typedef {object} Started
 * @property {string} url
 * @property {number} port
 * @property {number} pid
 * @property {() => Promise<void>} stop ends all of its processes
 */

/**
 * Starts a server on a free port.
 *
 * @param {(port: number) => string[]} command the program and its arguments
 * @param {(url: string) => Promise<Response>} ask sends what is answered with success once the server is ready
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, output?: string }} [options] `output`: the file for what it prints
 * @returns {Promise<Started>} once it is ready
 */
export async function startProcess(command, ask, { cwd, env, output = '/dev/null' } = {}) {
  const port = await findFreePort()
  const [program, ...words] = command(port)
  const descriptor = openSync(output, 'a')
  const stdio = ['ignore', descriptor, descriptor]
  const child = spawn(program, words, { cwd, env: { ...process.env, ...env }, stdio })
  closeSync(descriptor)
  running.add(child.pid)
  const exit = once(child, 'exit')
  const stop = async () => {
    endTree(child.pid)
    await exit
    running.delete(child.pid)
  }
  const url = `http://127.0.0.1:${port}`
  for (const until = Date.now() + START_TIMEOUT; Date.now() < until && child.exitCode === null; await sleep(PATIENCE)) {
    const answer = await ask(url).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return { url, port, pid: child.pid, stop }
  }
  await stop()
  throw new Error(`${program} was not ready in time. ${readFileSync(output, 'utf8').slice(-2000)}`)
}

/** Some do not end their own processes, and some start them in other groups. */
function endTree(root) {
  for (const { pid } of readTree(root)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }
}
