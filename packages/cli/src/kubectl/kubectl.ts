import { type ChildProcess, spawn } from 'node:child_process'
import { StartupError } from 'incant/internal/signature'
import { gather, passSignals } from '../program/child-output.ts'
import { printable } from '../terminal/text.ts'

/** Which cluster, and which namespace of it; absent: those of the current context. */
export interface KubectlOptions {
  readonly context?: string | undefined
  readonly namespace?: string | undefined
}

/** How one call of `kubectl` ended. */
export interface KubectlResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The `kubectl` of the person: its contexts, its credentials, its rights. */
export class Kubectl {
  readonly #words: readonly string[]

  constructor({ context, namespace }: KubectlOptions) {
    this.#words = [
      ...(context === undefined ? [] : ['--context', context]),
      ...(namespace === undefined ? [] : ['--namespace', namespace]),
    ]
  }

  /**
   * Runs it to its end.
   *
   * @param input - What it reads on standard input.
   * @throws {StartupError} `cluster_failed` where there is no kubectl. An exit code is part of the result.
   */
  async run(words: readonly string[], input = ''): Promise<KubectlResult> {
    const child = this.start(words, 'pipe')
    const [stdout, stderr, code] = await Promise.all([gather(child.stdout), gather(child.stderr), ended(child, input)])
    return { code, stdout, stderr }
  }

  /**
   * Runs it to its end.
   *
   * @returns What it prints.
   * @throws {StartupError} `cluster_failed`, with what kubectl says.
   */
  async text(words: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.run(words, input)
    return code === 0 ? stdout : refuse(stderr)
  }

  /** As {@link text}, read as JSON. */
  async json(words: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.text([...words, '--output', 'json']))
  }

  /** As {@link json}; undefined where there is no such object. */
  async find(words: readonly string[]): Promise<unknown> {
    const text = await this.text([...words, '--ignore-not-found', '--output', 'json'])
    return text.trim() === '' ? undefined : JSON.parse(text)
  }

  /** Starts it, for a caller who waits for what it prints. */
  start(words: readonly string[], output: 'pipe' | 'inherit'): ChildProcess {
    return spawn('kubectl', [...this.#words, ...words], { stdio: ['pipe', output, output] })
  }

  /** Shows what it prints until it ends. */
  async show(words: readonly string[]): Promise<number> {
    const child = this.start(words, 'inherit')
    return passSignals(child, ended(child, ''))
  }
}

/** Lines that its libraries log, one for each attempt: `E1127 07:15:50.673923    9589 memcache.go:265] …`. */
const LOGGED = /^[EWI]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+\.go:\d+\]/

/**
 * What kubectl says, as an error of ours.
 *
 * @throws {StartupError} `cluster_failed`.
 */
export function refuse(stderr: string): never {
  const lines = stderr
    .trim()
    .split('\n')
    .filter(line => !LOGGED.test(line))
    .map(line => printable(line))
  throw new StartupError({
    code: 'cluster_failed',
    found: `kubectl: ${lines.join('\n') || 'it ended without a word'}`,
    instead: adviceFor(stderr),
  })
}

function adviceFor(stderr: string): string {
  if (/no matches for kind "(\w+)"/.test(stderr))
    return 'The cluster does not have this kind of object: install what defines it, or leave out the option.'
  if (/forbidden/i.test(stderr))
    return 'Ask an administrator of the cluster for the permission. You have: kubectl auth can-i --list'
  if (/field not declared|unknown field/.test(stderr)) return 'The cluster is older than this option. Leave it out.'
  return 'Check the cluster and the context: kubectl config current-context, or --context NAME.'
}

function ended(child: ChildProcess, input: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', cause => reject(toMissing(cause)))
    child.once('close', code => resolve(code ?? 1))
    // A program that ends before it has read everything says why on its own.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

function toMissing(cause: Error): StartupError {
  return new StartupError({
    code: 'cluster_failed',
    found: `kubectl cannot be started: ${cause.message}`,
    instead: 'Install kubectl, and put it on the PATH: https://kubernetes.io/docs/tasks/tools/',
    cause,
  })
}
