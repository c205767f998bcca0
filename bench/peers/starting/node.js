import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess } from '../../started.js'
import { prepareModel } from './model.js'

const path = name => fileURLToPath(new URL(name, import.meta.url))
const COMMAND = path('../../../packages/cli/bin/incant.js')

/** Where the predictor of a task is. */
const PREDICTORS = {
  small: ['incant/predictors.ts', 'Small'],
  bytes: ['incant/predictors.ts', 'Bytes'],
  numbers: ['incant/predictors.ts', 'Numbers'],
  stream: ['incant/predictors.ts', 'Items'],
  'mlp-single': ['mlp/predictors.ts', 'Single'],
  'mlp-batched': ['mlp/predictors.ts', 'Batched'],
}

/** `incant serve`, everything at its default but for flags, with more variables of its environment, or several of it on one port. */
export function incant(flags = [], { variables = {}, fronts = 1 } = {}) {
  return (task, folder) => {
    const [file, className] = PREDICTORS[task]
    const words = port => ['--class-name', className, '--port', String(port), '--log-format', 'json', ...flags]
    const several = fronts > 1 ? [path('../node/fronts.js'), String(fronts)] : []
    return start(port => [...several, COMMAND, 'serve', path(`../${file}`), ...words(port)], {
      folder,
      variables: { ...variables, ...modelOf(task) },
    })
  }
}

/** A server of the folder `node`. */
export function node(name, ...flags) {
  return (task, folder) =>
    start(port => [path(`../node/${name}.js`), String(port), task, ...flags], { folder, variables: modelOf(task) })
}

function modelOf(task) {
  return task.startsWith('mlp') ? { BENCH_MODEL: prepareModel() } : {}
}

function start(words, { folder, variables }) {
  const env = { NODE_ENV: 'production', ...variables }
  const options = { env, output: join(folder, 'log') }
  return startProcess(
    port => [process.execPath, ...words(port)],
    url => fetch(`${url}/ready`),
    options,
  )
}
