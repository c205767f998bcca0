import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../examples/serving.js'

const here = name => fileURLToPath(new URL(name, import.meta.url))
/** Time a server may take to start on a busy machine, in milliseconds. */
const START_TIMEOUT = 120_000

/** KServe's own server, installed from PyPI into .python. */
export function startKServe() {
  const python = install('kserve', 'kserve==0.21.0')
  return start(port => [`${python}/bin/python`, [here('kserve_server.py'), String(port)], here('.')])
}

/** MLServer, installed from PyPI into .python. */
export function startMLServer() {
  const python = install('mlserver', 'mlserver==1.7.1')
  return start((port, folder) => {
    const ports = { http_port: port, grpc_port: port + 1, metrics_port: port + 2 }
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...ports, host: '127.0.0.1', parallel_workers: 0 }))
    const model = { name: 'mean', implementation: 'mlserver_model.Mean' }
    writeFileSync(join(folder, 'model-settings.json'), JSON.stringify(model))
    return [`${python}/bin/mlserver`, ['start', folder], folder]
  })
}

function install(name, requirement) {
  const folder = here(`.python/${name}`)
  if (existsSync(`${folder}/bin/${name === 'kserve' ? 'uvicorn' : name}`)) return folder
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  const words = ['install', '--quiet', '--disable-pip-version-check', requirement]
  execFileSync(`${folder}/bin/pip`, words, { stdio: 'inherit' })
  return folder
}

/** A server on a free port, once its model is ready. In a group, so that its own processes end with it. */
async function start(command) {
  const port = await findFreePort()
  const folder = mkdtempSync(join(tmpdir(), 'incant-bench-'))
  const [program, words, cwd] = command(port, folder)
  const env = { ...process.env, PYTHONPATH: here('.'), PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(program, words, { cwd, env, stdio: 'ignore', detached: true })
  const exit = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await exit
    rmSync(folder, { recursive: true })
  }
  const url = `http://127.0.0.1:${port}`
  for (const until = Date.now() + START_TIMEOUT; Date.now() < until && child.exitCode === null; await sleep(200)) {
    const answer = await fetch(`${url}/v2/models/mean/ready`).catch(() => undefined)
    if (answer?.ok) return { url, pid: child.pid, stop }
  }
  await stop()
  throw new Error(`${program} was not ready in time.`)
}
