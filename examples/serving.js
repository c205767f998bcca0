// Runs a predictor the way a person does, from the command line, for as long as a check takes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { installWhenStale } from '../scripts/setup/install.js'

/** The command of the checkout. */
const CHECKOUT = [process.execPath, fileURLToPath(new URL('../packages/cli/bin/incant.js', import.meta.url))]

/** Time a model may take to load on a busy machine. */
const START_TIMEOUT = 60_000

/**
 * Serves a predictor file on a free port, waits until it is ready, and stops it when the check is over.
 *
 * @param {URL} file the predictor
 * @param {(url: string) => Promise<void>} check throws when something is not as it should be
 * @param {string[]} [command] another `incant` than the checkout's
 */
export async function withServer(file, check, [program, ...parameters] = CHECKOUT) {
  const port = await findFreePort()
  const options = ['--port', String(port), '--log-format', 'json', '--drain-delay', '0s']
  const server = spawn(program, [...parameters, 'serve', fileURLToPath(file), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(server)
  const exit = once(server, 'exit')
  try {
    await waitUntilReady(`http://127.0.0.1:${port}`, server)
    await check(`http://127.0.0.1:${port}`)
    server.kill('SIGTERM')
    const [code] = await exit
    if (code !== 0) throw new Error(`The server ended with ${code} and not with 0.`)
  } catch (error) {
    console.error(output.join(''))
    throw error
  } finally {
    server.kill('SIGKILL')
  }
}

/** Installs an example's own dependencies, where it has any outside those of the workspace. */
export function install(folder, extraEnvironment) {
  installWhenStale(fileURLToPath(folder), extraEnvironment)
}

/** Sends JSON and gives what came back, status and all. */
export async function postJSON(url, payload) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(payload),
  })
  return { status: response.status, body: await response.json() }
}

async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

function collect(server) {
  const output = []
  server.stdout.on('data', chunk => output.push(chunk.toString()))
  server.stderr.on('data', chunk => output.push(chunk.toString()))
  return output
}

async function waitUntilReady(url, server) {
  const end = Date.now() + START_TIMEOUT
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode} before it was ready.`)
    const ready = await fetch(`${url}/ready`).catch(() => undefined)
    await ready?.body?.cancel()
    if (ready?.status === 200) return
    await sleep(50)
  }
  throw new Error(`The server was not ready within ${START_TIMEOUT / 1000} s.`)
}
