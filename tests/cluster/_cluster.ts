import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inject, onTestFinished } from 'vitest'
import { enterNetwork, environmentOf } from './_node.ts'

/** How a program ended. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/incant.js', import.meta.url))
const LOAD = fileURLToPath(new URL('load.js', import.meta.url))

/** Runs a program in the network of the cluster, as its administrator. */
export function run(program: string, words: readonly string[], input = ''): Promise<Ended> {
  const node = inject('node')
  const [enter = '', ...rest] = [...enterNetwork(node), program, ...words]
  return new Promise(resolve => {
    const child = execFile(enter, rest, { env: environmentOf(node), maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr })
    })
    child.stdin?.end(input)
  })
}

/** Runs `kubectl`, which must succeed, and returns what it prints. */
export async function kubectl(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run('kubectl', words)
  if (code !== 0) throw new Error(`kubectl ${words.join(' ')}: ${stderr}`)
  return stdout
}

/** Applies an object with `kubectl`. */
export async function apply(object: object): Promise<void> {
  const { code, stderr } = await run('kubectl', ['apply', '--server-side', '--filename', '-'], JSON.stringify(object))
  if (code !== 0) throw new Error(stderr)
}

/** Runs `incant`. */
export function incant(...words: readonly string[]): Promise<Ended> {
  return run(process.execPath, [COMMAND, ...words])
}

/** Runs `incant`, which must succeed, and returns what it prints. */
export async function incantOK(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await incant(...words)
  if (code !== 0) throw new Error(`incant ${words.join(' ')} ended with ${code}: ${stdout}${stderr}`)
  return stdout
}

let namespaces = 0

/** A namespace for one test, deleted when that is over. */
export async function makeNamespace(level: 'restricted' | 'baseline' = 'restricted'): Promise<string> {
  const name = `test-${process.pid}-${++namespaces}`
  const labels = { 'pod-security.kubernetes.io/enforce': level }
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
  onTestFinished(async () => {
    await kubectl('delete', 'namespace', name, '--wait=false')
    await kubectl('delete', 'pods', '--all', '--namespace', name, '--grace-period=0', '--force', '--ignore-not-found')
  })
  return name
}

/** What came of many calls: how often each status or error, and each version that answered. */
export interface Counts {
  readonly results: Readonly<Record<string, number>>
  readonly versions: Readonly<Record<string, number>>
}

/** Calls that are made until they are ended, half of them with connections that stay open. */
export class Load {
  readonly #child: ChildProcess
  #text = ''

  /** @param payload - Of each call. */
  constructor(url: string, payload: object, callers = 8) {
    const node = inject('node')
    const [enter = '', ...rest] = [...enterNetwork(node), process.execPath, LOAD, url, String(callers)]
    this.#child = spawn(enter, [...rest, JSON.stringify(payload)], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child.stdout?.on('data', chunk => {
      this.#text += String(chunk)
    })
    onTestFinished(() => void this.#child.kill('SIGKILL'))
  }

  /** Ends it, once there were so many calls. */
  async end(atLeast = 0): Promise<Counts> {
    this.#child.stdin?.end(String(atLeast))
    await once(this.#child, 'close')
    return JSON.parse(this.#text)
  }
}

/** The address of the Service of a server. */
export async function addressOf(namespace: string, name: string): Promise<string> {
  return kubectl('get', 'service', name, '--namespace', namespace, '--output', 'jsonpath={.spec.clusterIP}')
}

/** Runs a script of JavaScript in a pod of a server, which has Node and no shell. */
export async function runInPod(namespace: string, server: string, script: string): Promise<string> {
  const words = ['exec', `deployment/${server}`, '--namespace', namespace, '--', process.execPath]
  return kubectl(...words, '--input-type=module', '--eval', script)
}
