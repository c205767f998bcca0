import { Worker } from 'node:worker_threads'
import { RequestError } from '../../errors/request-error.ts'
import {
  type DocumentReader,
  type DocumentReaderOptions,
  PackedDocument,
  type ReadDocument,
  type ReadingPlace,
  type ReadOptions,
} from '../../http/document-reader.ts'
import { unpackValue } from '../wire/packed-value.ts'
import { isHeavy } from './is-heavy.ts'
import type { ReadAnswer, ReadTask, Refusal } from './read-body.ts'
import { SpooledBody } from './spooled-body.ts'

/** An entry of the build, all of which are in one folder. */
const MAIN = new URL('./reading-thread-worker.js', import.meta.url)

/** One body, and the promise for its result. */
interface Job {
  readonly task: ReadTask
  resolve(document: ReadDocument): void
  reject(reason: unknown): void
}

/**
 * A thread of the front that reads large payloads and texts: it parses and checks them, and packs them for the process that runs
 * predict. The front sees bytes alone. The thread starts with the first such body, and takes them one by one.
 */
export class ReadingThread implements DocumentReader {
  readonly #options: DocumentReaderOptions
  readonly #main: URL
  readonly #waiting: Job[] = []
  #running: Job | undefined
  #worker: Worker | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param main - The main module of the thread. */
  constructor(options: DocumentReaderOptions, main: URL = MAIN) {
    this.#options = options
    this.#main = main
  }

  placeOf(bytes: Uint8Array): ReadingPlace {
    if (!isHeavy(bytes)) return 'here'
    return this.#options.role === 'form' ? 'last' : 'aside'
  }

  async gather(
    body: ReadableStream<Uint8Array>,
    onOver: (task: () => unknown) => void,
  ): Promise<Uint8Array | ReadableStream<Uint8Array>> {
    const spooled = new SpooledBody()
    try {
      for await (const chunk of body) await spooled.add(chunk)
    } finally {
      // Also where it failed: the exchange is over then, or about to be.
      onOver(() => spooled.discard())
    }
    return spooled.take()
  }

  read(bytes: Uint8Array<ArrayBuffer>, { contentType, onCancel }: ReadOptions): Promise<ReadDocument> {
    if (this.#waiting.length >= this.#options.queue) {
      return Promise.reject(new RequestError('queue_full', { headers: { 'Retry-After': '1' } }))
    }
    return new Promise((resolve, reject) => {
      const job: Job = { task: { bytes, contentType }, resolve, reject }
      this.#waiting.push(job)
      onCancel(reason => this.#cancel(job, reason))
      this.#next()
    })
  }

  unpack(document: PackedDocument): unknown {
    return unpackValue(document)
  }

  async close(): Promise<void> {
    const reason = new RequestError('draining')
    for (const job of this.#waiting.splice(0)) job.reject(reason)
    this.#running?.reject(reason)
    await this.#stop()
  }

  /** One that is being read is read to its end: it is not for long, and stopping the thread would take longer. */
  #cancel(job: Job, reason: Error): void {
    const index = this.#waiting.indexOf(job)
    if (index !== -1) this.#waiting.splice(index, 1)
    job.reject(reason)
  }

  #next(): void {
    if (this.#running !== undefined) return
    const job = this.#waiting.shift()
    if (job === undefined) return
    this.#running = job
    this.#timer = setTimeout(() => this.#giveUp(new RequestError('deadline_exceeded')), this.#options.timeout).unref()
    this.#worker ??= this.#start()
    // The caller has made sure that the buffer is whole.
    this.#worker.postMessage(job.task, [job.task.bytes.buffer as ArrayBuffer])
  }

  #start(): Worker {
    const worker = new Worker(this.#main, {
      workerData: this.#options,
      execArgv: [],
      env: {},
    })
    worker.unref()
    worker.on('message', (answer: ReadAnswer) => this.#deliver(answer))
    worker.on('error', error => this.#giveUp(isOutOfMemory(error) ? tooLargeToRead() : error))
    return worker
  }

  #deliver(answer: ReadAnswer): void {
    const job = this.#running
    this.#finish()
    const { credentials, packed, refusal } = answer
    if (credentials === undefined || (packed === undefined && refusal === undefined)) job?.reject(toError(refusal))
    else job?.resolve({ credentials, outcome: packed === undefined ? toError(refusal) : new PackedDocument(packed) })
    this.#next()
  }

  /** The thread is of no more use; the next body gets another. */
  #giveUp(reason: unknown): void {
    const job = this.#running
    this.#finish()
    void this.#stop()
    job?.reject(reason)
    this.#next()
  }

  #finish(): void {
    clearTimeout(this.#timer)
    this.#running = undefined
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer)
    const worker = this.#worker
    this.#worker = undefined
    worker?.removeAllListeners()
    worker?.on('error', () => {})
    await worker?.terminate()
  }
}

function toError(refusal: Refusal | undefined): RequestError {
  const { code = 'invalid_payload', detail, issues } = refusal ?? {}
  return new RequestError(code, { ...(detail !== undefined && { detail }), ...(issues !== undefined && { issues }) })
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

function tooLargeToRead(): RequestError {
  return new RequestError('body_too_large', { detail: 'The body takes more memory to read than there is for it.' })
}
