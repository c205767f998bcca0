import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPython } from '../python.js'
import { startProcess } from '../started.js'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const options = { env: { PYTHONPATH: here('.'), PYTHONDONTWRITEBYTECODE: '1' } }
const isReady = url => fetch(`${url}/v2/models/mean/ready`)

/** KServe's own server, installed from PyPI into .python. */
export function startKServe() {
  const python = install('kserve', 'kserve==0.21.0\n')
  return startProcess(port => [`${python}/bin/python`, here('kserve_server.py'), String(port)], isReady, options)
}

/** MLServer, installed from PyPI into .python. */
export async function startMLServer() {
  // A later uvloop ends it at its start.
  const python = install('mlserver', 'mlserver==1.7.1\nuvloop==0.21.0\n')
  const folder = mkdtempSync(join(tmpdir(), 'incant-bench-'))
  const model = { name: 'mean', implementation: 'mlserver_model.Mean' }
  writeFileSync(join(folder, 'model-settings.json'), JSON.stringify(model))
  const command = port => {
    const ports = { http_port: port, grpc_port: port + 1, metrics_port: port + 2 }
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...ports, host: '127.0.0.1', parallel_workers: 0 }))
    return [`${python}/bin/mlserver`, 'start', folder]
  }
  const server = await startProcess(command, isReady, { ...options, cwd: folder })
  const stop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  }
  return { ...server, stop }
}

function install(name, requirements) {
  const folder = here(`.python/${name}`)
  installPython(folder, requirements)
  return folder
}
