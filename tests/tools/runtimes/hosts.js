// Runs a bundle of the scenario in each runtime; each host gives back what the scenario found there.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'

const PACKAGES = fileURLToPath(new URL('node_modules', import.meta.url))
/** The longest that one runtime may take on a busy machine, in milliseconds. */
const PATIENCE = 120_000

/** The program that a runtime's package for this system holds: npm installs no other. */
function findBinary(scope, path) {
  const names = existsSync(join(PACKAGES, scope)) ? readdirSync(join(PACKAGES, scope)) : []
  const found = names.map(name => join(PACKAGES, scope, name, path)).find(file => existsSync(file))
  if (found === undefined) throw new Error(`npm has no package of ${scope} for ${process.platform} ${process.arch}`)
  return found
}

export async function runDeno({ bundles, url, token, scratch }) {
  const allow = `--allow-net=${new URL(url).host}`
  const parameters = ['run', '--no-prompt', '--no-config', '--no-lock', allow, join(bundles, 'program.js'), url, token]
  return runProgram(findBinary('@deno', 'deno'), parameters, { DENO_DIR: scratch, DENO_NO_UPDATE_CHECK: '1' })
}

export async function runBun({ bundles, url, token }) {
  return runProgram(findBinary('@oven', 'bin/bun'), ['run', join(bundles, 'program.js'), url, token])
}

async function runProgram(program, parameters, env = {}) {
  const options = { env: { ...process.env, ...env }, timeout: PATIENCE }
  const { stdout } = await promisify(execFile)(program, parameters, options)
  return JSON.parse(stdout)
}

export async function runWorkerThread({ bundles, url, token }) {
  const worker = new Worker(join(bundles, 'worker-thread.js'), { workerData: { url, token } })
  const [found] = await once(worker, 'message', { signal: AbortSignal.timeout(PATIENCE) })
  await worker.terminate()
  return found
}

/** Cloudflare's runtime: a Worker that may reach this machine, asked once. */
export async function runWorkerd({ bundles, url, token }) {
  const config = join(bundles, 'workerd.capnp')
  writeFileSync(config, WORKER)
  const workerd = spawn(findBinary('@cloudflare', 'bin/workerd'), ['serve', '--control-fd=3', config], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  return whileRunning(workerd, async () => {
    const [line] = await once(workerd.stdio[3], 'data', { signal: AbortSignal.timeout(PATIENCE) })
    const { port } = JSON.parse(String(line))
    const request = { method: 'POST', body: JSON.stringify({ url, token }), signal: AbortSignal.timeout(PATIENCE) }
    const response = await fetch(`http://127.0.0.1:${port}`, request)
    if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${await response.text()}`)
    return response.json()
  })
}

/** The configuration names files by where they stand from it. */
const WORKER = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "scenario", worker = (
      modules = [( name = "worker", esModule = embed "worker.js" )],
      compatibilityDate = "2025-01-01",
      globalOutbound = "machine" ) ),
    ( name = "machine", network = ( allow = ["local", "private", "public"] ) ) ],
  sockets = [( name = "http", address = "127.0.0.1:0", http = (), service = "scenario" )] );
`

/** A browser without a window, which opens the page; what its parts find they tell the page's own server. */
export async function runChromium({ origin, found, scratch }) {
  const chromium = spawn('chromium', [...CHROMIUM_FLAGS, `--user-data-dir=${join(scratch, 'profile')}`, origin], {
    stdio: 'ignore',
  })
  return whileRunning(chromium, async () => {
    const timeout = AbortSignal.timeout(PATIENCE)
    const late = once(timeout, 'abort').then(() => Promise.reject(new Error('the page told nothing')))
    return await Promise.race([found, late])
  })
}

const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Does something while a process runs, and ends it. */
async function whileRunning(child, work) {
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`ended with ${code}`)))
  try {
    return await Promise.race([work(), failed])
  } finally {
    failed.catch(() => {})
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    child.kill('SIGTERM')
    await ended
  }
}
