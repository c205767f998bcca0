import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../free-port.ts'
import { isInstallable, ROOT } from './project.ts'

/** The address that documents write. */
const WRITTEN_ADDRESS = '127.0.0.1:8000'

/** The address that they write for gRPC. */
const WRITTEN_GRPC_ADDRESS = '127.0.0.1:8001'

/** What a command printed, both streams. */
export interface Outcome {
  readonly output: string
  readonly code: number | null
}

/**
 * Does what a document tells its reader to do, in the reader's project. `incant serve` goes on running until the next one
 * or the end; every other command runs to its end.
 */
export class Shell {
  readonly #home: string
  #folder: string
  #server: ChildProcess | undefined
  #port = 0
  #grpcPort = 0

  constructor(folder: string) {
    this.#home = folder
    this.#folder = folder
    chmodSync(join(ROOT, 'packages/cli/bin/incant.js'), 0o755)
  }

  async run(command: string): Promise<Outcome> {
    if (/^npm install( |$)/.test(command)) return checkInstall(command)
    const [, inner] = /^cd (\w+)$/.exec(command) ?? []
    if (inner !== undefined) return this.#enter(inner)
    const local = command
      .replace(/^npm create incant (\w+)(?: --)?/, 'incant init $1')
      .replace(/^npm start$/, 'incant serve predictor.ts')
      .replaceAll(/npx incant|node_modules\/\.bin\/incant/g, 'incant')
      // A machine that runs all tests at once takes longer than the five seconds that Vitest gives a test.
      .replace(/^npx vitest run /, '$&--testTimeout=60000 ')
    if (/^incant serve (?!.*--validate)/.test(local)) return this.#serve(local)
    const child = this.#spawn(this.#addressed(local))
    const output = collect(child)
    const [code] = await once(child, 'close')
    return { output: output.join('').replaceAll(`127.0.0.1:${this.#port}`, WRITTEN_ADDRESS), code }
  }

  /** Each block begins in the folder of the document: what its files need is found from a folder in it as well. */
  goHome(): void {
    this.#folder = this.#home
  }

  #enter(folder: string): Outcome {
    this.#folder = join(this.#home, folder)
    return { output: '', code: existsSync(this.#folder) ? 0 : 1 }
  }

  /** Ends the server, if one runs. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined || server.exitCode !== null) return
    const end = once(server, 'exit')
    server.kill('SIGTERM')
    await end
  }

  /** A server that cannot start is an outcome, too. */
  async #serve(command: string): Promise<Outcome> {
    await this.stop()
    this.#port = await findFreePort()
    this.#grpcPort = await findFreePort()
    const server = this.#spawn(`exec ${this.#addressed(command)}`)
    this.#server = server
    const output = collect(server)
    const closed = once(server, 'close')
    while (server.exitCode === null && !(await isReady(this.#port, command.includes('--tls-cert')))) await sleep(50)
    if (server.exitCode !== null) await closed
    return { output: output.join('').replaceAll(`127.0.0.1:${this.#port}`, WRITTEN_ADDRESS), code: server.exitCode }
  }

  /** A command with the addresses that are free here. */
  #addressed(command: string): string {
    return command
      .replaceAll(WRITTEN_ADDRESS, `127.0.0.1:${this.#port}`)
      .replaceAll(WRITTEN_GRPC_ADDRESS, `127.0.0.1:${this.#grpcPort}`)
  }

  #spawn(command: string): ChildProcess {
    const path = `${join(this.#home, 'node_modules/.bin')}:${process.env['PATH']}`
    const env = {
      ...process.env,
      PATH: path,
      INCANT_PORT: String(this.#port),
      INCANT_DRAIN_DELAY: '0s',
      INCANT_HOME: join(this.#folder, '.incant'),
      NO_COLOR: '1',
      npm_config_offline: 'true',
    }
    return spawn('bash', ['-c', command], { cwd: this.#folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  }
}

/** Nothing is installed that the project does not have: the names must be ours, and without versions. */
function checkInstall(command: string): Outcome {
  const names = command
    .split(' ')
    .slice(2)
    .filter(name => !name.startsWith('-'))
  const unknown = names.filter(name => !isInstallable(name))
  return { output: unknown.join(' '), code: unknown.length }
}

function collect(child: ChildProcess): string[] {
  const output: string[] = []
  child.stdout?.on('data', chunk => output.push(String(chunk)))
  child.stderr?.on('data', chunk => output.push(String(chunk)))
  return output
}

async function isReady(port: number, isSecure: boolean): Promise<boolean> {
  if (isSecure) return isReadyOverTLS(port)
  const response = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined)
  await response?.body?.cancel()
  return response?.status === 200
}

/** Whoever waits need not know the certificate. */
function isReadyOverTLS(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const options = { host: '127.0.0.1', port, path: '/ready', rejectUnauthorized: false, agent: false }
    get(options, ({ statusCode }) => resolve(statusCode === 200)).on('error', () => resolve(false))
  })
}
