import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../examples/serving.js'

const path = name => fileURLToPath(new URL(name, import.meta.url))
const FOLDER = path('.python')
const REQUIREMENTS = path('requirements.txt')

/** Time that it may take to start on a busy machine, in milliseconds. */
const START_TIMEOUT = 120_000

/**
 * Serves the model with LitServe, which is installed into a folder of this one when that is not what is asked for.
 *
 * @returns {Promise<{ url: string, pid: number, stop(): Promise<void> }>}
 */
export async function startLitServe() {
  install()
  const port = await findFreePort()
  // In a group, since it does not end its own processes when it is ended.
  const child = spawn(`${FOLDER}/bin/python`, [path('litserve_server.py'), String(port)], {
    stdio: 'ignore',
    detached: true,
  })
  const exit = once(child, 'exit')
  const stop = async () => {
    process.kill(-child.pid, 'SIGKILL')
    await exit
  }
  const url = `http://127.0.0.1:${port}`
  for (const until = Date.now() + START_TIMEOUT; Date.now() < until; await sleep(200)) {
    if (await isReady(url)) return { url, pid: child.pid, stop }
    if (child.exitCode !== null) throw new Error(`LitServe ended with ${child.exitCode}.`)
  }
  await stop()
  throw new Error('LitServe was not ready in time.')
}

function install() {
  const noted = `${FOLDER}/requirements.txt`
  const wanted = readFileSync(REQUIREMENTS, 'utf8')
  if (existsSync(noted) && readFileSync(noted, 'utf8') === wanted) return
  rmSync(FOLDER, { recursive: true, force: true })
  execFileSync('python3', ['-m', 'venv', FOLDER], { stdio: 'inherit' })
  const parameters = ['install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS]
  execFileSync(`${FOLDER}/bin/pip`, parameters, { stdio: 'inherit' })
  writeFileSync(noted, wanted)
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/health`)).ok
  } catch {
    return false
  }
}
