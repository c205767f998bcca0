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
 * @param {{ command?: string[], exitCode?: number | null }} [options] another `incant` than the checkout's, and how it ends
 */
export async function withServer(file, check, { command = CHECKOUT, exitCode = 0 } = {}) {
  const port = await findFreePort()
  const server = start([...command, 'serve', fileURLToPath(file), '--port', String(port), '--log-format', 'json'])
  const output = collect(server)
  const closed = once(server, 'close')
  try {
    await waitUntilReady(`http://127.0.0.1:${port}`, server)
    await check(`http://127.0.0.1:${port}`)
    process.kill(-server.pid, 'SIGTERM')
    const [code] = await closed
    if (code !== exitCode) throw new Error(`The server ended with ${code} and not with ${exitCode}.`)
  } catch (error) {
    console.error(output.join(''))
    throw error
  } finally {
    end(server)
  }
}

let running

/** Starts a process with a group of its own, so that a signal reaches the server behind npx, too. */
function start([program, ...parameters]) {
  const env = { ...process.env, INCANT_DRAIN_DELAY: '0s' }
  running = spawn(program, parameters, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
  return running
}

function end(server) {
  if (server?.exitCode === null && server.signalCode === null) process.kill(-server.pid, 'SIGKILL')
}

// A group of its own does not hear what ends this process.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    end(running)
    process.exit(1)
  })
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
