import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { installPython } from '../python.js'
import { startProcess } from '../started.js'

const path = name => fileURLToPath(new URL(name, import.meta.url))

/**
 * Serves the model with LitServe, installed from PyPI into .python.
 *
 * @returns {Promise<import('../started.js').Started>}
 */
export function startLitServe() {
  installPython(path('.python'), readFileSync(path('requirements.txt'), 'utf8'))
  return startProcess(
    port => [path('.python/bin/python'), path('litserve_server.py'), String(port)],
    url => fetch(`${url}/health`),
  )
}
