import { giveWay } from '../async/next-turn.ts'
import { concatenate } from '../collections/concatenate.ts'
import type { Problem } from './problem.ts'
import type { StreamFraming } from './stream-framing.ts'

/** Options of {@link outgoingStream}. */
export interface OutgoingStreamOptions {
  readonly framing: StreamFraming
  /** The iterator, of which the first result has been taken. */
  readonly iterator: AsyncIterator<unknown>
  /**
   * Takes the items that the iterator could give at once, to be sent in one chunk with the one before. Absent: there are
   * none, each item is a chunk.
   */
  ready?(): readonly unknown[]
  /** The first item, framed. Undefined for an empty stream. */
  readonly first: Uint8Array | undefined
  /** Turns what the iterator throws, or the reason to stop, into what the last event tells. Undefined: there is none. */
  describe(thrown: unknown): Problem | undefined
  /** Takes what the iterator gives at its end. */
  onReturn?(returned: unknown): void
  /** Calls back when the stream must stop before its end. */
  onCancel(listener: (reason: Error) => void): void
  /** Called once, when the stream has ended in any way. */
  onEnd(): void
}

/** Time without an item after which a stream says that it is still there, in milliseconds. */
const KEEP_ALIVE_INTERVAL = 15_000

/**
 * Items as bytes, one at a time, or those together that are ready together: the iterator is called for the next one when the reader has taken the last, and is
 * returned when the reader leaves. A failure is a last event, then an incomplete close, so that the part cannot pass
 * for the whole.
 */
export function outgoingStream(options: OutgoingStreamOptions): ReadableStream<Uint8Array> {
  const source = new Source(options)
  return new ReadableStream<Uint8Array>(source, { highWaterMark: 0 })
}

/** Returns an iterator whose results are no longer needed. */
export function abandon(iterator: AsyncIterator<unknown>): void {
  // In a then, since a custom iterator may also throw at once; the error concerns no caller.
  Promise.resolve()
    .then(() => iterator.return?.())
    .catch(() => {})
}

/** Ends a stream with an error, a turn later: the close that follows must not overtake what has just been written. */
function breakOff(controller: ReadableStreamDefaultController<Uint8Array>, thrown: unknown): void {
  setTimeout(() => controller.error(thrown), 0)
}

const encoder = new TextEncoder()

class Source {
  readonly #options: OutgoingStreamOptions
  #begun = false
  #over = false
  #timer: ReturnType<typeof setInterval> | undefined
  #failure: { readonly thrown: unknown } | undefined
  /** The error that stopped the framing of an item after others had been framed. */
  #broken: { readonly thrown: unknown } | undefined
  #endPull = (): void => {}

  constructor(options: OutgoingStreamOptions) {
    this.#options = options
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#options.onCancel(reason => this.#fail(controller, reason))
  }

  /** Over also when the stream fails: an iterator that goes on regardless must not keep that from the reader. */
  pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.#failure !== undefined) breakOff(controller, this.#failure.thrown)
    if (this.#over) return Promise.resolve()
    return new Promise(resolve => {
      this.#endPull = resolve
      void this.#step(controller).then(resolve)
    })
  }

  async #step(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const chunk = await this.#next(controller)
      if (this.#over) return
      if (chunk !== undefined) return controller.enqueue(chunk)
      this.#end()
      controller.close()
    } catch (thrown) {
      this.#fail(controller, thrown)
    }
  }

  cancel(): void {
    this.#end()
    abandon(this.#options.iterator)
  }

  /** The next item, framed. Undefined at the end. */
  async #next(controller: ReadableStreamDefaultController<Uint8Array>): Promise<Uint8Array | undefined> {
    const { first, iterator } = this.#options
    if (!this.#begun) {
      this.#begun = true
      return first
    }
    this.#keepAlive(controller)
    try {
      // A generator that computes and never awaits would else keep this process from hearing that its reader has left.
      const turn = giveWay()
      if (turn !== undefined) await turn
      if (this.#over) return undefined
      if (this.#broken !== undefined) throw this.#broken.thrown
      const result = await iterator.next()
      if (this.#over) return undefined
      if (result.done !== true) return this.#frame(result.value)
      this.#options.onReturn?.(result.value)
      return undefined
    } finally {
      clearInterval(this.#timer)
    }
  }

  /** An item, and with it those that are ready. One that cannot be framed comes after those before it. */
  #frame(item: unknown): Uint8Array {
    const { framing, ready } = this.#options
    const others = ready?.() ?? []
    if (others.length === 0) return framing.item(item)
    const { text } = framing
    const items = [item, ...others]
    return text === undefined
      ? concatenate(this.#frameEach(items, framing.item))
      : encoder.encode(this.#frameEach(items, text).join(''))
  }

  #frameEach<Framed>(items: readonly unknown[], frame: (item: unknown) => Framed): readonly Framed[] {
    const framed: Framed[] = []
    try {
      for (const item of items) framed.push(frame(item))
    } catch (thrown) {
      if (framed.length === 0) throw thrown
      this.#broken = { thrown }
    }
    return framed
  }

  #keepAlive(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { keepAlive } = this.#options.framing
    if (keepAlive !== undefined) this.#timer = setInterval(() => controller.enqueue(keepAlive), KEEP_ALIVE_INTERVAL)
  }

  #fail(controller: ReadableStreamDefaultController<Uint8Array>, thrown: unknown): void {
    if (this.#over) return
    this.#end()
    abandon(this.#options.iterator)
    // Described in any case: that is how the log gets to know the cause.
    const problem = this.#options.describe(thrown)
    const last = problem === undefined ? undefined : this.#options.framing.failure?.(problem)
    if (last !== undefined) controller.enqueue(last)
    if (last !== undefined && this.#options.framing.failureEnds === true) controller.close()
    // An error discards what is queued: where the reader has not taken the last event, it comes after it.
    else if (controller.desiredSize === 0) breakOff(controller, thrown)
    else this.#failure = { thrown }
    this.#endPull()
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    clearInterval(this.#timer)
    this.#options.onEnd()
  }
}
