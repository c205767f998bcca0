import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const SOURCE = fileURLToPath(new URL('load.c', import.meta.url))
const PROGRAM = fileURLToPath(new URL('.tmp/load', import.meta.url))

/** Compiles the load generator with the C compiler of the machine, unless that was done since it changed. */
export function compileLoad() {
  if (existsSync(PROGRAM) && statSync(PROGRAM).mtimeMs > statSync(SOURCE).mtimeMs) return
  mkdirSync(new URL('.tmp', import.meta.url), { recursive: true })
  try {
    execFileSync('cc', ['-O2', '-D_GNU_SOURCE', '-o', PROGRAM, SOURCE], { stdio: 'inherit' })
  } catch (error) {
    throw new Error('The load generator needs a C compiler, cc: on Debian the package build-essential.', {
      cause: error,
    })
  }
}

/**
 * Loads a server for a while. Fails when a byte of an answer is wrong.
 *
 * @param {{ port: number, connections: number, milliseconds: number, request: string, body: string, first: number }} load
 * `request` and `body`: files of what is sent and of the body that comes back; `first`: the length of a stream's first event
 * @returns {Promise<{ answers: number, seconds: number, cpu: number, latency: Percentiles, first?: Percentiles }>} `cpu`:
 * microseconds that the generator took
 * @typedef {{ p50: number, p99: number }} Percentiles milliseconds
 */
export async function takeLoad({ port, connections, milliseconds, request, body, first }) {
  const words = [port, connections, milliseconds, request, body, first].map(String)
  const { stdout } = await promisify(execFile)(PROGRAM, words)
  return JSON.parse(stdout)
}
