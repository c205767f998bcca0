import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { StartupError } from '../../errors/startup-error.ts'
import type { Job, Lease, NewJob, OutputPart } from '../job.ts'
import {
  type CreatedJob,
  type HeldJob,
  type JobAddition,
  type JobChange,
  type JobClaim,
  type JobCounts,
  type JobEnding,
  type JobQuery,
  type JobStore,
  type PutBack,
  type Retention,
  type SettledWebhook,
  StoreUnavailable,
  type WebhookClaim,
} from '../store.ts'
import type { WebhookRow } from '../webhook.ts'
import type { StoreMethod, StoreReply, StoreRequest, ThreadData } from './thread-messages.ts'

/** An entry of the build, all of which are in one folder. */
const MAIN = new URL('./sqlite-worker.js', import.meta.url)

/** Milliseconds for which a thread that has died is not started again. */
const PAUSE = 1000

interface Call {
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/** A store of jobs in a thread beside the one that answers requests, which never waits for the disk. */
export class StoreThread implements JobStore {
  readonly name: string
  readonly now: () => number = Date.now
  readonly #data: ThreadData
  readonly #main: URL
  readonly #calls: Map<number, Call> = new Map()
  readonly #listeners: Set<(change: JobChange) => void> = new Set()
  #worker: Promise<Worker> | undefined
  #count = 0
  #isClosed = false
  #startedAt = 0

  /** @param main - The main module of the thread. */
  constructor(data: ThreadData, main: URL = MAIN) {
    this.name = data.name
    this.#data = data
    this.#main = main
  }

  /** Starts the thread. @throws {StartupError} `jobs_store`, where it cannot open the file. */
  async open(): Promise<void> {
    this.#worker ??= this.#start()
    await this.#worker
  }

  create(job: NewJob): Promise<CreatedJob> {
    return this.#call('create', job)
  }

  get(key: string): Promise<Job | undefined> {
    return this.#call('get', key)
  }

  find(owner: string, id: string): Promise<Job | undefined> {
    return this.#call('find', owner, id)
  }

  list(query: JobQuery): Promise<readonly Job[]> {
    return this.#call('list', query)
  }

  readOutput(key: string, from: number): Promise<readonly OutputPart[]> {
    return this.#call('readOutput', key, from)
  }

  claim(claim: JobClaim): Promise<Job | undefined> {
    return this.#call('claim', claim)
  }

  renew(lease: Lease): Promise<readonly HeldJob[]> {
    return this.#call('renew', lease)
  }

  append(addition: JobAddition): Promise<boolean> {
    return this.#call('append', addition)
  }

  end(ending: JobEnding): Promise<Job | undefined> {
    return this.#call('end', ending)
  }

  putBack(job: PutBack): Promise<boolean> {
    return this.#call('putBack', job)
  }

  cancel(key: string): Promise<Job | undefined> {
    return this.#call('cancel', key)
  }

  recover(by: string): Promise<number> {
    return this.#call('recover', by)
  }

  sweep(retention: Retention): Promise<number> {
    return this.#call('sweep', retention)
  }

  count(): Promise<JobCounts> {
    return this.#call('count')
  }

  claimWebhooks(claim: WebhookClaim): Promise<readonly WebhookRow[]> {
    return this.#call('claimWebhooks', claim)
  }

  settleWebhook(settled: SettledWebhook): Promise<boolean> {
    return this.#call('settleWebhook', settled)
  }

  watch(listener: (change: JobChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#listeners.clear()
    const worker = await this.#worker?.catch(() => undefined)
    this.#isClosed = true
    if (worker === undefined) return
    const ended = once(worker, 'exit')
    worker.postMessage({ call: this.#count++, method: 'close', parameters: [] } satisfies StoreRequest)
    await ended
  }

  #call<Method extends StoreMethod>(
    method: Method,
    ...parameters: Parameters<JobStore[Method]>
  ): ReturnType<JobStore[Method]> {
    // The thread answers with what the method of the same name has returned.
    return this.#send(method, parameters) as ReturnType<JobStore[Method]>
  }

  async #send(method: StoreMethod, parameters: readonly unknown[]): Promise<unknown> {
    const worker = await this.#find()
    const call = this.#count++
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject })
      worker.postMessage({ call, method, parameters } satisfies StoreRequest)
    })
  }

  /** The thread; another one where it has died. */
  async #find(): Promise<Worker> {
    if (this.#isClosed) throw this.#away('it is closed')
    if (this.#worker === undefined && performance.now() - this.#startedAt < PAUSE)
      throw this.#away('its thread has ended')
    this.#worker ??= this.#start()
    try {
      return await this.#worker
    } catch (thrown) {
      throw new StoreUnavailable(this.name, thrown)
    }
  }

  #start(): Promise<Worker> {
    this.#startedAt = performance.now()
    const worker = new Worker(this.#main, { workerData: this.#data, execArgv: [], env: {} })
    return new Promise((resolve, reject) => {
      worker.on('message', (reply: StoreReply) => {
        if (reply.kind === 'open') resolve(worker)
        else if (reply.kind === 'refused') reject(new StartupError(reply.problem))
        else this.#take(reply)
      })
      let isOver = false
      const end = (reason: unknown) => {
        if (isOver) return
        isOver = true
        this.#worker = undefined
        reject(reason)
        for (const call of this.#calls.values()) call.reject(this.#away(reason))
        this.#calls.clear()
      }
      worker.on('error', end)
      worker.on('exit', () => end('its thread has ended'))
    })
  }

  #take(reply: Exclude<StoreReply, { readonly kind: 'open' | 'refused' }>): void {
    if (reply.kind === 'changed') {
      for (const listener of this.#listeners) listener(reply.change)
      return
    }
    const call = this.#calls.get(reply.call)
    this.#calls.delete(reply.call)
    if (reply.kind === 'done') call?.resolve(reply.value)
    else call?.reject(reply.isAway ? this.#away(reply.reason) : new Error(reply.reason))
  }

  #away(reason: unknown): StoreUnavailable {
    return new StoreUnavailable(this.name, reason instanceof Error ? reason : new Error(String(reason)))
  }
}
