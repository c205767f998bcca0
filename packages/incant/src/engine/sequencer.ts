import { nextTurn } from '../async/next-turn.ts'
import { withTimeLimit } from '../async/with-time-limit.ts'
import { RequestError } from '../errors/request-error.ts'
import { RETRY_SOON } from '../errors/retry-soon.ts'
import type { SequenceCounts, StepReport } from '../metrics/step-report.ts'
import type { Step } from '../predictor/sequence-predictor.ts'
import { checkSize } from './check-size.ts'
import { breathe, type ItemCall, idsOf, type JointRun, runJointly } from './joint-run.ts'
import { Sequence, type SequenceHost } from './sequence.ts'

/** How steps are formed. */
export interface StepLimits<State> {
  /** The limit of a step: sequences, or the sum of their {@link size}s. */
  readonly maxSize: number
  /** The cost of the next step of a sequence; 1 by default. A sequence that costs more than `maxSize` is a step by itself. */
  size(state: State): number
  /** Whether a step that threw is split and tried again, to find the sequence that caused it. */
  readonly split: boolean
}

/** Options of {@link Sequencer}. */
export interface SequencerOptions<State> extends StepLimits<State> {
  /** Computes one step of each sequence; the request ids are those of their calls. */
  step(states: State[], requestIds: readonly string[]): unknown
  /** Called once for every state that no step will have again. */
  end?(state: State, requestId: string): unknown
  /** Told once of a failure that several calls share: each of them is a plain 500. */
  onFailure?(thrown: unknown, requestIds: readonly string[]): void
  /** Told of what `end` threw. */
  onEndFailure?(thrown: unknown, requestId: string): void
  /** Told of each step that has run. */
  onStep?(step: StepReport): void
}

/**
 * Milliseconds between two deliveries to a reader. What steps say that follow each other faster leaves together: a chunk
 * costs more than a small step, and 20 of them a second look like a steady flow.
 */
const FLUSH_INTERVAL = 50

/** Milliseconds that {@link Sequencer.close} waits for the step that runs. */
const CLOSE_LIMIT = 5000

/**
 * Computes sequences together, step by step. Between two steps new ones join, and those leave that are done, have failed
 * or are no longer wanted. If more are live than a step may contain, those that have waited longest go first: a live
 * sequence waits at most until every other one has had a step.
 */
export class Sequencer<State> {
  readonly #options: SequencerOptions<State>
  readonly #joint: JointRun<Sequence<State>>
  readonly #host: SequenceHost<State>
  /** Those that no step has now. The one that has waited longest is first. */
  #resting: Sequence<State>[] = []
  /** Those that a step has. */
  #stepping: readonly Sequence<State>[] = []
  #working: Promise<void> | undefined
  readonly #ending: Set<Promise<void>> = new Set()
  #flushedAt = 0
  #steppedAt = 0

  constructor(options: SequencerOptions<State>) {
    this.#options = options
    const { split, onFailure } = options
    this.#joint = {
      names: { method: 'step', inputs: 'states' },
      split,
      run: sequences => this.#compute(sequences),
      deliver: (sequence, step) => deliver(sequence, step),
      ...(onFailure === undefined ? {} : { onFailure }),
    }
    this.#host = { onLeave: sequence => this.#leave(sequence), onTaken: () => this.#schedule() }
  }

  /** Sequences by what they do now. */
  get counts(): SequenceCounts {
    const paused = this.#resting.filter(sequence => sequence.isPaused).length
    return { running: this.#stepping.length, waiting: this.#resting.length - paused, paused }
  }

  /**
   * Computes a sequence along with others, from the next step on.
   *
   * @returns Its items, and at their end its result.
   */
  join(state: State, call: ItemCall): Sequence<State> {
    const sequence = new Sequence({ state, call, host: this.#host })
    if (sequence.hasLeft) return sequence
    this.#resting.push(sequence)
    this.#schedule()
    return sequence
  }

  /** Ends all sequences, and waits until every state has been freed. */
  async close(): Promise<void> {
    const reason = new RequestError('interrupted', RETRY_SOON)
    for (const sequence of [...this.#resting, ...this.#stepping]) sequence.reject(reason)
    const settle = async (): Promise<void> => {
      await this.#working
      await Promise.all(this.#ending)
    }
    // A step that never ends must not keep the predictor from being closed.
    await withTimeLimit(CLOSE_LIMIT, settle, () => reason).catch(() => {})
  }

  #schedule(): void {
    this.#working ??= this.#work()
  }

  async #work(): Promise<void> {
    // Calls that arrive together join together.
    await nextTurn()
    for (let chosen = this.#choose(); chosen.length > 0; chosen = this.#choose()) {
      await this.#step(chosen)
      await breathe()
    }
    for (const sequence of this.#resting) sequence.flush()
    this.#working = undefined
  }

  /** The sequences of the next step. */
  #choose(): readonly Sequence<State>[] {
    const chosen: Sequence<State>[] = []
    const others: Sequence<State>[] = []
    let left = this.#options.maxSize
    for (const sequence of [...this.#resting]) {
      const size = left > 0 && !sequence.isPaused ? this.#sizeOf(sequence) : 0
      if (sequence.hasLeft) continue
      // The first goes in any case: alone, if it is too large for company. What follows one that does not fit waits with
      // it, since small ones would keep it from its turn otherwise.
      const fits = left > 0 && !sequence.isPaused && (size <= left || chosen.length === 0)
      if (fits) chosen.push(sequence)
      else others.push(sequence)
      if (!sequence.isPaused) left = fits ? left - size : 0
    }
    this.#resting = others
    return chosen
  }

  #sizeOf(sequence: Sequence<State>): number {
    try {
      return checkSize(this.#options.size(sequence.state), 'a state')
    } catch (thrown) {
      sequence.reject(thrown)
      return 0
    }
  }

  async #step(chosen: readonly Sequence<State>[]): Promise<void> {
    this.#stepping = chosen
    await runJointly(chosen, this.#joint)
    this.#stepping = []
    for (const sequence of chosen) {
      if (sequence.hasLeft) this.#free(sequence)
      else this.#resting.push(sequence)
    }
    this.#deliver(chosen)
  }

  /** Gives readers their first item at once, and later ones together: as late as the next step, if as long, still allows. */
  #deliver(chosen: readonly Sequence<State>[]): void {
    const now = performance.now()
    const next = 2 * now - this.#steppedAt
    this.#steppedAt = now
    if (next - this.#flushedAt >= FLUSH_INTERVAL) {
      this.#flushedAt = now
      for (const sequence of this.#resting) sequence.flush()
    } else for (const sequence of chosen) if (sequence.isNew) sequence.flush()
  }

  async #compute(sequences: readonly Sequence<State>[]): Promise<unknown> {
    const states = sequences.map(({ state }) => state)
    const startedAt = performance.now()
    try {
      return await this.#options.step(states, idsOf(sequences))
    } finally {
      this.#options.onStep?.({ sequences: states.length, took: performance.now() - startedAt })
    }
  }

  /** The state of one that is in a step is freed after it. */
  #leave(sequence: Sequence<State>): void {
    if (this.#stepping.includes(sequence)) return
    this.#resting = this.#resting.filter(other => other !== sequence)
    this.#free(sequence)
  }

  #free({ state, call }: Sequence<State>): void {
    const { end, onEndFailure } = this.#options
    if (end === undefined) return
    const ending = (async () => end(state, call.id))()
      .then(() => {})
      .catch(thrown => onEndFailure?.(thrown, call.id))
      .finally(() => this.#ending.delete(ending))
    this.#ending.add(ending)
  }
}

function deliver(sequence: Sequence<unknown>, given: unknown): void {
  if (typeof given !== 'object' || given === null) {
    sequence.reject(new TypeError(`step returned ${given === null ? 'null' : typeof given} for a state: ${STEP_FORM}`))
    return
  }
  // Of what form its members are, the types of the predictor say.
  const { item, done = false, result } = given as Step<unknown>
  if (item !== undefined) sequence.give(item)
  if (done) sequence.finish(result)
}

const STEP_FORM = 'it must return { item }, { item, done: true } or an Error for each'
