// Runs a predictor the way a person does, from the command line, for as long as a check takes.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get as getHTTP } from 'node:http'
import { get as getHTTPS } from 'node:https'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { installWhenStale } from '../scripts/setup/install.js'

/** The command of the checkout. */
const CHECKOUT = [process.execPath, fileURLToPath(new URL('../packages/cli/bin/incant.js', import.meta.url))]

/** Time a model may take to load on a busy machine. */
const START_TIMEOUT = 60_000

/**
 * Serves a predictor file on a free port, waits until it is ready, and stops it when the check is over.
 *
 * @param {URL | undefined} file the predictor; undefined where more of the command line names what is served
 * @param {(url: string) => Promise<void>} check throws when something is not as it should be
 * @param {{ command?: string[], verb?: string[], exitCode?: number | null, words?: string[], ca?: string, variables?: Record<string, string> }} [options]
 * another `incant` than the checkout's, what it is to do, how it ends, more of its command line, for HTTPS the authority of its
 * certificate, and more variables of its environment
 */
export async function withServer(
  file,
  check,
  { command = CHECKOUT, verb = ['serve'], exitCode = 0, words = [], ca, variables } = {},
) {
  const port = await findFreePort()
  const own = ['--port', String(port), '--log-format', 'json']
  const files = file === undefined ? [] : [fileURLToPath(file)]
  const server = start([...command, ...verb, ...files, ...own, ...words], variables)
  const output = collect(server)
  const closed = once(server, 'close')
  const url = `${ca === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  try {
    await waitUntilReady(url, server, ca)
    await check(url)
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

const running = new Set()

/** Starts a process in a separate group, so that a signal reaches the server behind npx, too. */
function start([program, ...parameters], variables) {
  const env = { ...process.env, INCANT_DRAIN_DELAY: '0s', ...variables }
  const server = spawn(program, parameters, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(server)
  return server
}

function end(server) {
  running.delete(server)
  if (server.exitCode === null && server.signalCode === null) process.kill(-server.pid, 'SIGKILL')
}

// A separate group does not hear what ends this process.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const server of running) end(server)
    process.exit(1)
  })
}

/** Installs an example's own dependencies, where it has any outside those of the workspace. */
export function install(folder, extraEnvironment) {
  installWhenStale(fileURLToPath(folder), extraEnvironment)
}

/** Runs a command of the checkout's to its end, and gives what it writes to standard output. */
export async function runIncant(...words) {
  const [program, ...parameters] = [...CHECKOUT, ...words]
  return (await promisify(execFile)(program, parameters)).stdout
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

/** A port of 127.0.0.1 that nobody listens on. */
export async function findFreePort() {
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

async function waitUntilReady(url, server, ca) {
  const end = Date.now() + START_TIMEOUT
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode} before it was ready.`)
    if (await isReady(`${url}/ready`, ca)) return
    await sleep(50)
  }
  throw new Error(`The server was not ready within ${START_TIMEOUT / 1000} s.`)
}

function isReady(url, ca) {
  const get = ca === undefined ? getHTTP : getHTTPS
  return new Promise(resolve => {
    const asked = get(url, { ca, agent: false }, response => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asked.on('error', () => resolve(false))
  })
}
