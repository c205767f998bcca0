import { isObject } from '../../../validation/json-types.ts'
import { finishReason } from './finish-reason.ts'
import type { Piece, Reader } from './reader.ts'
import { StopScanner } from './stop-scanner.ts'
import { ToolCalls } from './tool-calls.ts'
import { readUsage, type Usage } from './usage.ts'

/** Reads what a chat predictor gives: strings, pieces with members, or a whole message. */
export class ChatReader implements Reader {
  readonly #scanner: StopScanner
  readonly #calls = new ToolCalls()
  #logprobs: Readonly<Record<string, unknown>> | undefined
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
    return finishReason({ given: this.#given, calls: this.#calls.count })
  }

  get usage(): Usage {
    return this.#usage ?? { prompt: 0, completion: this.#items }
  }

  read(item: unknown): readonly Piece[] {
    if (item === null || item === undefined) return []
    this.#items += 1
    const delta = typeof item === 'string' ? { content: item } : item
    if (!isObject(delta)) throw new TypeError(`predict gave a ${typeof item} where a string or an object belongs`)
    this.#usage = readUsage(delta) ?? this.#usage
    this.#logprobs = joinLogprobs(this.#logprobs, delta['logprobs'])
    const text = this.#scanner.push(contentOf(delta['content']))
    return [
      ...['reasoning_content', 'refusal'].flatMap(name => textPiece(name, delta[name])),
      ...this.#contentPiece(text),
      ...this.#callPieces(delta['tool_calls']),
    ]
  }

  finish(end: unknown): readonly Piece[] {
    this.#usage = readUsage(end) ?? this.#usage
    this.#given = isObject(end) ? end['finish_reason'] : undefined
    return this.#contentPiece(this.#scanner.flush())
  }

  /** Log probabilities leave with their text, which may have been held back. */
  #contentPiece(content: string): readonly Piece[] {
    if (content === '') return []
    const logprobs = this.#logprobs
    this.#logprobs = undefined
    return [{ delta: { content }, ...(logprobs === undefined ? {} : { logprobs }) }]
  }

  #callPieces(calls: unknown): readonly Piece[] {
    const list = Array.isArray(calls) ? calls : []
    return list.flatMap(call => this.#calls.read(call)).map(piece => ({ delta: { tool_calls: [piece] } }))
  }
}

function textPiece(name: string, text: unknown): readonly Piece[] {
  return typeof text === 'string' && text !== '' ? [{ delta: { [name]: text } }] : []
}

/** A text, or the texts of the parts of a message. */
function contentOf(content: unknown): string {
  if (typeof content === 'string') return content
  const parts = Array.isArray(content) ? content : []
  return parts.map(part => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('')
}

/** The probabilities of what is held back, and of what comes after it. */
export function joinLogprobs(
  earlier: Readonly<Record<string, unknown>> | undefined,
  later: unknown,
): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(later)) return earlier
  const join = (name: string) => {
    const lists = [earlier?.[name], later[name]].filter(Array.isArray)
    return lists.length === 0 ? null : lists.flat()
  }
  return { content: join('content'), refusal: join('refusal') }
}
