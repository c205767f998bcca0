import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../examples/serving.js'

const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/incant.js', import.meta.url))
const PREDICTOR = fileURLToPath(new URL('predictor.ts', import.meta.url))

/** Time a start may take at most, in milliseconds. */
const TIMEOUT = 30_000

const QUESTION = 'GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'

/** Time between two questions, in milliseconds: what a start seems to take too long by, at most. */
const INTERVAL = 5

/**
 * Starts `incant serve` of a predictor that loads nothing, as a person would.
 *
 * @param {number} workers processes that run the predictor
 * @returns {Promise<number>} milliseconds from the start of the process to the first 200 of `/ready`
 */
export async function measureStartup(workers) {
  const port = await findFreePort()
  const startedAt = performance.now()
  const server = spawn(
    process.execPath,
    [COMMAND, 'serve', PREDICTOR, '--port', String(port), '--log-format', 'json', '--workers', String(workers)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const exit = once(server, 'exit')
  try {
    while (!(await isReady(port))) {
      if (server.exitCode !== null) throw new Error(`incant serve ended with ${server.exitCode} before it was ready`)
      if (performance.now() - startedAt > TIMEOUT) throw new Error(`incant serve was not ready within ${TIMEOUT} ms`)
      await sleep(INTERVAL)
    }
    return performance.now() - startedAt
  } finally {
    server.kill('SIGKILL')
    await exit
  }
}

/** Asks by hand: it is asked for often, beside what is measured. */
function isReady(port) {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write(QUESTION))
    socket.once('data', answer => {
      socket.destroy()
      resolve(answer.toString('latin1').startsWith('HTTP/1.1 200 '))
    })
    socket.on('error', () => resolve(false))
  })
}
