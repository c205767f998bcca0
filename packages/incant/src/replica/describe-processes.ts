import { StartupError } from '../errors/startup-error.ts'
import type { ResolvedServerSettings } from '../options/server-options.ts'

/** How the processes of a server are started. */
interface Processes {
  /** Options of node itself. */
  readonly execArgv: readonly string[]
  /** Added to the environment of one of them. */
  env(index: number): Readonly<Record<string, string>>
}

/** @throws {StartupError} `invalid_option`. */
export function describeProcesses({ maxHeap, workerEnv, workerExecArgv }: ResolvedServerSettings): Processes {
  const heap = maxHeap === 0 ? [] : [`--max-old-space-size=${Math.ceil(maxHeap / 1024 ** 2)}`]
  return { execArgv: [...workerExecArgv, ...heap], env: readWorkerEnv(workerEnv) }
}

/** `NAME=a,b` → for the first process `{ NAME: 'a' }`, for the second `{ NAME: 'b' }`, for the third `a` again. */
function readWorkerEnv(given: string): (index: number) => Readonly<Record<string, string>> {
  if (given === '') return () => ({})
  const [name = '', list = ''] = given.split(/=(.*)/s)
  const values = list.split(',')
  if (!/^[A-Za-z_]\w*$/.test(name) || values.includes('')) throw invalidWorkerEnv()
  return index => ({ [name]: values[index % values.length] ?? '' })
}

function invalidWorkerEnv(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'the option "workerEnv" is not a name and its values',
    instead: 'Write NAME=a,b with a value for each process, such as CUDA_VISIBLE_DEVICES=0,1.',
  })
}
