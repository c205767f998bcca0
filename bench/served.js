import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../packages/cli/bin/incant.js', import.meta.url))

/** Time a model may take to load on a busy machine, in milliseconds. */
const START_TIMEOUT = 60_000

const running = new Set()

// A bench that is ended leaves no servers behind.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) child.kill('SIGTERM')
    process.exitCode = 1
    setTimeout(() => process.exit(), 1000)
  })
}

/**
 * Serves a predictor file from the command line.
 *
 * @param {string} file relative to this folder
 * @param {string[]} [flags]
 * @param {string[]} [execArgv] options of Node for the process with the sockets; it can then be sent messages
 * @returns {Promise<{ url: string, pid: number, child: import('node:child_process').ChildProcess, stop(): Promise<void> }>}
 * once it is ready
 */
export async function startServer(file, flags = [], execArgv = []) {
  const parameters = ['serve', fileURLToPath(new URL(file, import.meta.url)), '--port', '0', '--log-format', 'json']
  const child = spawn(process.execPath, [...execArgv, COMMAND, ...parameters, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit', ...(execArgv.length > 0 ? ['ipc'] : [])],
    env: { ...process.env, NODE_ENV: 'production', INCANT_DRAIN_DELAY: '0s' },
  })
  running.add(child)
  const exit = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await exit
  }
  try {
    return { url: await readUrl(child), pid: child.pid, child, stop }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

/** The line of the log that says where it listens. The rest is read and dropped, so that the server never waits for it. */
function readUrl(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The server was not ready in time.')), START_TIMEOUT)
    child.once('exit', code => reject(new Error(`The server ended with ${code} before it was ready.`)))
    const lines = createInterface({ input: child.stdout }).on('line', line => {
      const { url } = parse(line)
      if (url === undefined) return
      clearTimeout(timer)
      // What comes after is nobody's work: under load it would be a good part of this process's.
      lines.close()
      child.stdout.resume()
      resolve(url)
    })
  })
}

function parse(line) {
  try {
    return JSON.parse(line)
  } catch {
    return {}
  }
}
