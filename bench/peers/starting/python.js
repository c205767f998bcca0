import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPython } from '../../python.js'
import { startProcess } from '../../started.js'
import { prepareModel } from './model.js'

const path = name => fileURLToPath(new URL(name, import.meta.url))

/**
 * A server in Python, installed from PyPI when it is not.
 *
 * @param {string} name of its requirements file in the folder `python`
 * @param {(start: { bin: string, source: string, port: string, task: string, folder: string }) => string[]} command
 * @param {string} ready the path that is answered once it is
 */
export function python(name, command, ready) {
  return (task, folder) => {
    const environment = path(`../.python/${name}`)
    installPython(environment, readFileSync(path(`../python/${name}.txt`), 'utf8'))
    const bin = join(environment, 'bin')
    const options = { cwd: folder, env: makeVariables(task, folder), output: join(folder, 'log') }
    const words = port => command({ bin, source: path('../python'), port: String(port), task, folder })
    return startProcess(words, url => fetch(`${url}${ready}`), options)
  }
}

function makeVariables(task, folder) {
  return {
    PYTHONPATH: path('../python'),
    PYTHONDONTWRITEBYTECODE: '1',
    BENCH_TASK: task,
    // What they would write to the home folder, or send to their makers.
    BENTOML_HOME: folder,
    BENTOML_DO_NOT_TRACK: 'True',
    RAY_TMPDIR: folder,
    RAY_USAGE_STATS_ENABLED: '0',
    ...(task.startsWith('mlp') && { BENCH_MODEL: prepareModel() }),
  }
}

/** The command of MLServer, which reads files that say what it serves. */
export function serveMLServer({ bin, port, task, folder }) {
  const write = (name, content) => writeFileSync(join(folder, name), JSON.stringify(content))
  const [http, grpc, metrics] = [0, 1, 2].map(offset => Number(port) + offset)
  write('settings.json', { host: '127.0.0.1', http_port: http, grpc_port: grpc, metrics_port: metrics })
  const classes = { small: 'Small', numbers: 'CountNumbers' }
  // A batch waits for more for so many seconds.
  const batch = task === 'mlp-batched' && { max_batch_size: 32, max_batch_time: 0.005 }
  write('model-settings.json', {
    name: 'model',
    implementation: `mlserver_model.${classes[task] ?? 'Classify'}`,
    ...batch,
  })
  return [`${bin}/mlserver`, 'start', folder]
}
