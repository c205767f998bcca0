import type { ItemCall, Participant } from './joint-run.ts'

/** Items that may wait for the reader. A sequence that has so many pauses. */
const AHEAD = 16

/** The events that a {@link Sequence} reports to the sequencer. */
export interface SequenceHost<State> {
  /** It needs no more steps. Called once. */
  onLeave(sequence: Sequence<State>): void
  /** Its reader has taken an item, so that it may go on. */
  onTaken(): void
}

/** Options of {@link Sequence}. */
export interface SequenceOptions<State> {
  readonly state: State
  readonly call: ItemCall
  readonly host: SequenceHost<State>
}

interface Reader {
  resolve(result: IteratorResult<unknown>): void
  reject(reason: unknown): void
}

/** How a sequence ended. */
type End = { readonly result: unknown } | { readonly thrown: unknown }

/** One live sequence: its state, and its items on their way to the reader, as the iterator of a generator has them. */
export class Sequence<State> implements Participant, AsyncIterableIterator<unknown> {
  readonly state: State
  readonly call: ItemCall
  readonly #host: SequenceHost<State>
  readonly #readers: Reader[] = []
  #items: unknown[] = []
  #end: End | undefined
  #left = false
  #isNew = true

  constructor({ state, call, host }: SequenceOptions<State>) {
    this.state = state
    this.call = call
    this.#host = host
    call.cancellation.onCancel(reason => this.reject(reason))
  }

  /** Whether it needs no more steps. */
  get hasLeft(): boolean {
    return this.#left
  }

  /** Whether its reader stalls. */
  get isPaused(): boolean {
    return this.#readers.length === 0 && this.#items.length >= AHEAD
  }

  /** Whether the reader has received no item yet. */
  get isNew(): boolean {
    return this.#isNew
  }

  /** One more item, which the reader gets with the next {@link flush}. */
  give(item: unknown): void {
    if (!this.#left) this.#items.push(item)
  }

  /** Gives the reader what waits for it. */
  flush(): void {
    while (this.#readers.length > 0 && this.#items.length > 0) this.#readers.shift()?.resolve(this.#take())
    if (this.#end !== undefined && this.#readers.length > 0) this.#tellEnd(this.#end)
  }

  /** Takes every item that waits: those that the reader may have beside the one that it was given. */
  ready(): readonly unknown[] {
    const wasPaused = this.isPaused
    const items = this.#items
    this.#items = []
    if (wasPaused) this.#host.onTaken()
    return items
  }

  /** There are no more items: the reader gets those that wait, then the result. */
  finish(result: unknown): void {
    this.#leave({ result })
  }

  /** There are no more items: the reader gets those that wait, then the failure. */
  reject(thrown: unknown): void {
    this.#leave({ thrown })
  }

  next(): Promise<IteratorResult<unknown>> {
    // Those that were held back while the reader waited leave one after the other.
    if (this.#items.length > 0) return Promise.resolve(this.#take())
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject })
      if (this.#end !== undefined) this.#tellEnd(this.#end)
    })
  }

  /** The reader leaves. */
  return(): Promise<IteratorResult<unknown>> {
    this.#items = []
    this.#leave({ result: undefined })
    this.#end = { result: undefined }
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #take(): IteratorResult<unknown> {
    const wasPaused = this.isPaused
    const value = this.#items.shift()
    this.#isNew = false
    if (wasPaused) this.#host.onTaken()
    return { done: false, value }
  }

  #leave(end: End): void {
    if (this.#left) return
    this.#left = true
    this.#end = end
    this.flush()
    this.#host.onLeave(this)
  }

  /** The first reader gets the end itself; after it there is nothing, as with a generator. */
  #tellEnd(end: End): void {
    const [first, ...others] = this.#readers.splice(0)
    this.#end = { result: undefined }
    if ('thrown' in end) first?.reject(end.thrown)
    else first?.resolve({ done: true, value: end.result })
    for (const reader of others) reader.resolve({ done: true, value: undefined })
  }
}
