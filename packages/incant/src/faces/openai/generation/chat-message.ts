import { isObject } from '../../../validation/json-types.ts'
import { joinLogprobs } from './chat-reader.ts'
import type { Piece } from './reader.ts'
import type { ToolCallPiece } from './tool-calls.ts'

interface Call {
  readonly id: string | undefined
  readonly name: string | undefined
  arguments: string
}

/** Puts the pieces of a choice together: the answer to a caller who wants no stream. */
export class ChatMessage {
  readonly #texts: Record<string, string | undefined> = {}
  readonly #calls: Call[] = []
  #logprobs: Readonly<Record<string, unknown>> | undefined

  add({ delta, logprobs }: Piece): void {
    if (!isObject(delta)) return
    for (const name of ['content', 'refusal', 'reasoning_content']) this.#addText(name, delta[name])
    // The reader has just made them.
    for (const piece of (delta['tool_calls'] ?? []) as readonly ToolCallPiece[]) this.#addCall(piece)
    this.#logprobs = joinLogprobs(this.#logprobs, logprobs)
  }

  /** The choice, as an answer has it. */
  toChoice(index: number, reason: string): object {
    const { content, refusal, reasoning_content } = this.#texts
    const calls = this.#calls.map(({ id, name, arguments: text }) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    }))
    const isEmpty = calls.length === 0 && refusal === undefined
    const message = {
      role: 'assistant',
      content: content ?? (isEmpty ? '' : null),
      refusal: refusal ?? null,
      ...(reasoning_content === undefined ? {} : { reasoning_content }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    }
    return { index, message, logprobs: this.#logprobs ?? null, finish_reason: reason }
  }

  #addText(name: string, text: unknown): void {
    if (typeof text === 'string') this.#texts[name] = (this.#texts[name] ?? '') + text
  }

  #addCall({ index, id, function: called }: ToolCallPiece): void {
    const known = this.#calls[index]
    if (known !== undefined) known.arguments += called.arguments
    else this.#calls[index] = { id, name: called.name, arguments: called.arguments }
  }
}
