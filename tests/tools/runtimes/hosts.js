// Runs a bundle of the scenario in each runtime; each host gives back what the scenario found there.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { HEADLESS } from '../pages/chromium.js'

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
  return withWorkerd({ bundles, module: 'worker.js' }, async worker => {
    const request = { method: 'POST', body: JSON.stringify({ url, token }), signal: AbortSignal.timeout(PATIENCE) }
    const response = await fetch(worker, request)
    if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${await response.text()}`)
    return response.json()
  })
}

/** The statuses and bodies of an application in that runtime, whose first request is also the one that sets it up. */
export async function runWorkerdApp({ bundles }) {
  return withWorkerd({ bundles, module: 'app-worker.js' }, async worker => {
    const answers = []
    for (const text of ['good', 'bad', 5]) {
      const request = { method: 'POST', body: JSON.stringify({ text }), signal: AbortSignal.timeout(PATIENCE) }
      const response = await fetch(`${worker}/predict`, request)
      const { known, code } = await response.json()
      answers.push([response.status, known ?? code])
    }
    return answers
  })
}

async function withWorkerd({ bundles, module }, work) {
  const config = join(bundles, `${module}.capnp`)
  writeFileSync(config, describeWorker(module))
  const workerd = spawn(findBinary('@cloudflare', 'bin/workerd'), ['serve', '--control-fd=3', config], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  return whileRunning(workerd, async () => {
    const [line] = await once(workerd.stdio[3], 'data', { signal: AbortSignal.timeout(PATIENCE) })
    return work(`http://127.0.0.1:${JSON.parse(String(line)).port}`)
  })
}

/** The configuration names files by where they stand from it. */
const describeWorker = module => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ( name = "scenario", worker = (
      modules = [( name = "worker", esModule = embed "${module}" )],
      compatibilityDate = "2025-01-01",
      globalOutbound = "machine" ) ),
    ( name = "machine", network = ( allow = ["local", "private", "public"] ) ) ],
  sockets = [( name = "http", address = "127.0.0.1:0", http = (), service = "scenario" )] );
`

/** What `incant serve` says in a runtime that is not Node, in which it cannot work. */
export async function refusals() {
  const command = fileURLToPath(new URL('../../../packages/cli/bin/incant.js', import.meta.url))
  const runtimes = {
    bun: [findBinary('@oven', 'bin/bun'), ['run', command, 'serve', 'p.ts']],
    deno: [findBinary('@deno', 'deno'), ['run', '-A', '--no-config', '--no-lock', command, 'serve', 'p.ts']],
  }
  const said = Object.entries(runtimes).map(async ([name, [program, words]]) => {
    const failure = await promisify(execFile)(program, words, { timeout: PATIENCE }).catch(error => error)
    return [name, failure.code, String(failure.stderr)]
  })
  return Promise.all(said)
}

/** A browser without a window, which opens the page; what its parts find they tell the page's own server. */
export async function runChromium({ origin, found, scratch }) {
  const chromium = spawn('chromium', [...HEADLESS, `--user-data-dir=${join(scratch, 'profile')}`, origin], {
    stdio: 'ignore',
  })
  return whileRunning(chromium, async () => {
    const timeout = AbortSignal.timeout(PATIENCE)
    const late = once(timeout, 'abort').then(() => Promise.reject(new Error('the page told nothing')))
    return await Promise.race([found, late])
  })
}

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
