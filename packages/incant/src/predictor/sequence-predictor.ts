import { BasePredictor } from './base-predictor.ts'

const BRAND = Symbol.for('incant.SequencePredictor')

/**
 * A predictor for models that compute a sequence step by step, such as language models. Sequences join and leave the
 * running batch between two steps, so one step serves many callers (continuous batching). A caller gets a stream of the
 * items of one sequence, as from `async *predict`.
 *
 * The subclass writes two methods, and a third where a state has something to free:
 *
 * - `begin(payload: T): S`, plain or async, makes the state of one sequence. Its parameters are what predict's would be.
 *   What it throws is the answer of its caller.
 * - `step(states: S[]): Step<Item>[]`, plain or async, computes one step of every sequence it is given and advances their
 *   states. It returns a {@link Step} for each, in their order; an `Error` in the place of one fails that sequence alone.
 * - `end(state: S)` is called once for every state when its sequence leaves: it is done, has failed, or was cancelled. No
 *   step has the state then.
 *
 * {@link batch} limits a step: `maxSize` sequences, or the sum of their `size(state)`, the cost of their next step. Where
 * more sequences are live they take turns, and the one that has waited longest goes first. A sequence whose reader stalls
 * pauses, and the others go on.
 *
 * A `step` that throws is run again in parts to find the sequence that caused it. It must therefore leave the states as
 * they were: compute first, then assign. Otherwise, write `@batch({ split: false })`.
 *
 * @example
 * ```ts
 * export default class Writer extends SequencePredictor {
 *   begin(prompt: { text: string }) {
 *     return { tokens: this.model.encode(prompt.text) }
 *   }
 *
 *   async step(states: { tokens: number[] }[]): Promise<Step<string>[]> {
 *     const next = await this.model.next(states.map(({ tokens }) => tokens))
 *     return states.map(({ tokens }, index) => {
 *       tokens.push(next[index])
 *       return { item: this.model.decode(next[index]), done: next[index] === END }
 *     })
 *   }
 * }
 * ```
 */
export abstract class SequencePredictor<Config = unknown> extends BasePredictor<Config> {
  static {
    Object.defineProperty(SequencePredictor, BRAND, { value: true })
  }
}

/**
 * What a step gives for one sequence of a {@link SequencePredictor}.
 *
 * @typeParam Item - What the caller's stream consists of.
 * @typeParam Result - What the sequence comes to at its end, such as the reason why it ended.
 */
export interface Step<Item, Result = unknown> {
  /** The next item of the stream. Absent: none in this step, as while a long prompt is read in parts. */
  readonly item?: Item | undefined
  /** Whether the sequence ends with this step. @defaultValue `false` */
  readonly done?: boolean | undefined
  /** What the sequence comes to, where it is done: the return value that a generator would have. */
  readonly result?: Result | undefined
}

/** Whether a class extends {@link SequencePredictor}, also that of another copy of the package. */
export function isSequencePredictor(predictor: object): boolean {
  return Reflect.get(predictor, BRAND) === true
}
