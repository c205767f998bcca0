import { Worker } from 'node:worker_threads'
import type { StartupProblem } from 'incant'
import type { ReadSignaturesOptions, SignatureReading } from '../signature/read-signatures.ts'

/** The answer of the thread. Errors would lose their class and fields on the way, so they travel as data. */
export type TypesMessage = { readonly reading: SignatureReading } | { readonly refused: readonly StartupProblem[] }

/** The question to the thread, as plain data. */
export type TypesQuestion = Pick<ReadSignaturesOptions, 'file' | 'className'>

/**
 * The compiler is a program in Go that runs for a fifth of a second, of which a third went into collecting garbage each
 * time that its memory had doubled, from 4 MB on. Now it collects none below half a gigabyte; most take 100 MB.
 */
function forCompiler(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { GOGC: 'off', GOMEMLIMIT: '512MiB', ...environment }
}

/** A thread that reads types. It serves one reading; the end of the process ends it. */
class TypesThread {
  readonly #worker = new Worker(new URL('./types-worker.js', import.meta.url), {
    env: forCompiler(process.env),
    // With --debug, the compiler's last words are shown.
    argv: process.argv.slice(2),
  })
  readonly #answer: Promise<TypesMessage>
  #asked: TypesQuestion | undefined

  constructor() {
    this.#answer = new Promise((resolve, reject) => {
      this.#worker.once('message', resolve)
      this.#worker.once('error', reject)
    })
    // It may fail before it is awaited; later awaits get the error all the same.
    this.#answer.catch(() => {})
  }

  /** Whether it can still answer a question, or does already. */
  suits({ file, className }: TypesQuestion): boolean {
    return this.#asked === undefined || (this.#asked.file === file && this.#asked.className === className)
  }

  ask(question: TypesQuestion): Promise<TypesMessage> {
    if (this.#asked === undefined) this.#worker.postMessage(question)
    this.#asked = question
    return this.#answer
  }

  /** Settles when its question is answered, or has failed. */
  async finish(): Promise<void> {
    if (this.#asked !== undefined) await this.#answer.catch(() => {})
  }
}

let early: TypesThread | undefined
let misled: TypesThread | undefined

/**
 * Starts a thread ahead of its use, so that it works while this one loads everything else.
 *
 * @param guess - What it will most likely be asked. A wrong guess costs a second reading, and nothing else.
 */
export function startTypesThread(guess: TypesQuestion | undefined): void {
  early = new TypesThread()
  if (guess !== undefined) void early.ask(guess)
}

/** Asks the thread that was started early, or a new one. */
export function askTypesThread(question: TypesQuestion): Promise<TypesMessage> {
  const thread = early
  early = undefined
  if (thread?.suits(question) === true) return thread.ask(question)
  misled = thread
  return new TypesThread().ask(question)
}

/**
 * Waits for what was begun and is of no use: a compiler that is cut off in its work writes its last words to our standard
 * error.
 */
export async function finishTypesThreads(): Promise<void> {
  await Promise.all([early?.finish(), misled?.finish()])
}
