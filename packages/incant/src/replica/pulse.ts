import { LinkedList } from '../collections/linked-list.ts'
import type { FrontCall } from './front-call.ts'

/** Options of a {@link Pulse}. */
export interface PulseOptions {
  /** The longest time in which a replica must confirm a cancelled call, in milliseconds. */
  readonly hangTimeout: number
  /** The calls it has. */
  calls(): Iterable<FrontCall>
  /** Asks for a sign of life. */
  ask(): void
  /** It hangs: nothing will come of it any more. */
  onHang(): void
}

/** How often a replica is asked whether it is there, in milliseconds. */
const INTERVAL = 1000

/** Silence of a replica outside of calls is tolerated this many times longer, because no caller waits for it. */
const SILENCE_FACTOR = 6

/** The time in which predict begins a call unless it is held up, in milliseconds. */
const PROMPT = 50

/**
 * Distinguishes a replica that computes from one that hangs. Predict may hold up its process until the deadline of its
 * call; after that, or after the caller has left, the replica has to confirm that the call is cancelled.
 */
export class Pulse {
  readonly #options: PulseOptions
  /** Calls that predict has not begun, as far as is known, oldest first. */
  readonly #expected: LinkedList<FrontCall> = new LinkedList()
  /** Cancelled calls, with the timers after which the replica counts as hung. */
  readonly #signs: Map<number, ReturnType<typeof setTimeout>> = new Map()
  #timer: ReturnType<typeof setInterval> | undefined
  #heardAt: number = performance.now()
  #stalled = false
  #rss = 0

  constructor(options: PulseOptions) {
    this.#options = options
  }

  /** Resident memory in bytes, as last reported. */
  get rss(): number {
    return this.#rss
  }

  /**
   * Whether predict is held up: a call has waited for its beginning longer than usual. It lasts until the next sign of
   * life, since calls that are taken back leave no other trace.
   */
  get stalled(): boolean {
    if (this.#stalled) return true
    const before = performance.now() - PROMPT
    if (this.#heardAt >= before) return false
    for (let call = this.#expected.first; call !== undefined && call.sentAt < before; call = this.#expected.first) {
      if (call.waiting) this.#stalled = true
      if (this.#stalled) return true
      this.#forget(call)
    }
    return false
  }

  start(): void {
    this.#heardAt = performance.now()
    this.#timer = setInterval(() => this.#check(), INTERVAL)
    this.#options.ask()
  }

  stop(): void {
    clearInterval(this.#timer)
    for (const timer of this.#signs.values()) clearTimeout(timer)
  }

  /** It said something. */
  hear(): void {
    this.#heardAt = performance.now()
    this.#stalled = false
  }

  answer(rss: number): void {
    this.hear()
    this.#rss = rss
  }

  /** A call was sent: predict should begin it soon. */
  expect(call: FrontCall): void {
    call.expected = this.#expected.add(call)
  }

  /** Predict has begun it. */
  begin(call: FrontCall | undefined): void {
    this.hear()
    this.#forget(call)
  }

  /** Predict is done with it, or will not have it. */
  end(call: FrontCall): void {
    this.#forget(call)
    this.noteSign(call.n)
  }

  /** A call in predict was cancelled: the replica has until its deadline, and a little longer, to confirm. */
  expectSign({ n, deadline }: FrontCall): void {
    const remaining = Math.max(0, deadline - performance.now())
    const timer = setTimeout(() => this.#options.onHang(), remaining + this.#options.hangTimeout)
    this.#signs.set(n, timer)
  }

  noteSign(n: number): void {
    if (this.#signs.size === 0) return
    clearTimeout(this.#signs.get(n))
    this.#signs.delete(n)
  }

  #forget(call: FrontCall | undefined): void {
    if (call?.expected === undefined) return
    this.#expected.remove(call.expected)
    call.expected = undefined
  }

  #check(): void {
    this.#options.ask()
    const silence = performance.now() - this.#heardAt
    if (silence > SILENCE_FACTOR * this.#options.hangTimeout && !this.#isExcused()) this.#options.onHang()
  }

  /** While predict has a call in time, it may be silent. */
  #isExcused(): boolean {
    const now = performance.now()
    for (const call of this.#options.calls()) if (call.running && call.deadline > now) return true
    return false
  }
}
