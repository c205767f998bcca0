import { isObject } from '../../../validation/json-types.ts'
import { finishReason } from './finish-reason.ts'
import type { Piece, Reader } from './reader.ts'
import { StopScanner } from './stop-scanner.ts'
import { readUsage, type Usage } from './usage.ts'

type Logprobs = Readonly<Record<string, readonly unknown[]>>

/** Reads what a completion predictor gives: strings, or pieces with members. */
export class CompletionReader implements Reader {
  readonly #scanner: StopScanner
  #logprobs: Logprobs | undefined
  #items = 0
  #usage: Usage | undefined
  #given: unknown

  constructor(stops: readonly string[]) {
    this.#scanner = new StopScanner(stops)
  }

  get stopped(): boolean {
    return this.#scanner.stopped
  }

  get reason(): string {
    return finishReason({ given: this.#given, calls: 0 })
  }

  get usage(): Usage {
    return this.#usage ?? { prompt: 0, completion: this.#items }
  }

  read(item: unknown): readonly Piece[] {
    if (item === null || item === undefined) return []
    this.#items += 1
    const delta = typeof item === 'string' ? { text: item } : item
    if (!isObject(delta)) throw new TypeError(`predict gave a ${typeof item} where a string or an object belongs`)
    this.#usage = readUsage(delta) ?? this.#usage
    this.#logprobs = joinLists(this.#logprobs, delta['logprobs'])
    return this.#textPiece(this.#scanner.push(typeof delta['text'] === 'string' ? delta['text'] : ''))
  }

  finish(end: unknown): readonly Piece[] {
    this.#usage = readUsage(end) ?? this.#usage
    this.#given = isObject(end) ? end['finish_reason'] : undefined
    return this.#textPiece(this.#scanner.flush())
  }

  #textPiece(text: string): readonly Piece[] {
    if (text === '') return []
    const logprobs = this.#logprobs
    this.#logprobs = undefined
    return [{ text, ...(logprobs === undefined ? {} : { logprobs }) }]
  }
}

/** Puts the pieces of a completion together. */
export class CompletionText {
  #text: string
  #logprobs: Logprobs | undefined

  /** @param beginning - What the text begins with, before what predict wrote. */
  constructor(beginning = '') {
    this.#text = beginning
  }

  add({ text, logprobs }: Piece): void {
    if (typeof text === 'string') this.#text += text
    this.#logprobs = joinLists(this.#logprobs, logprobs)
  }

  toChoice(index: number, reason: string): object {
    return { text: this.#text, index, logprobs: this.#logprobs ?? null, finish_reason: reason }
  }
}

/** The lists of both, one after the other. */
function joinLists(earlier: Logprobs | undefined, later: unknown): Logprobs | undefined {
  if (!isObject(later)) return earlier
  const lists = Object.entries(later).flatMap(([name, list]) =>
    Array.isArray(list) ? [[name, [...(earlier?.[name] ?? []), ...list]] as const] : [],
  )
  return { ...earlier, ...Object.fromEntries(lists) }
}
