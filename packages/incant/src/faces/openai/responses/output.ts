import { isObject } from '../../../validation/json-types.ts'
import { makeId } from '../generation/identity.ts'
import type { Piece } from '../generation/reader.ts'
import type { ToolCallPiece } from '../generation/tool-calls.ts'

/** An event without its number. */
export type ResponseEvent = { readonly type: string } & Readonly<Record<string, unknown>>

/** Kinds of text: the item and the part that it is in, and the names of its events. */
const TEXTS = {
  content: { item: 'message', part: 'output_text', member: 'text', event: 'output_text', extra: { logprobs: [] } },
  refusal: { item: 'message', part: 'refusal', member: 'refusal', event: 'refusal', extra: {} },
  reasoning_content: { item: 'reasoning', part: 'reasoning_text', member: 'text', event: 'reasoning_text', extra: {} },
} as const

type TextKind = keyof typeof TEXTS

const KINDS = Object.keys(TEXTS) as readonly TextKind[]

interface OpenText {
  readonly kind: TextKind
  readonly id: string
  readonly place: number
  text: string
}

interface OpenCall {
  readonly id: string
  readonly callId: string | undefined
  readonly name: string | undefined
  readonly place: number
  arguments: string
}

/** The output of a response: its items, and the events in which they come. */
export class ResponseOutput {
  readonly #items: object[] = []
  readonly #calls: OpenCall[] = []
  #open: OpenText | undefined

  /** The items, as far as they are complete. */
  get items(): readonly object[] {
    return this.#items
  }

  /** The events of a piece of a chat. */
  add({ delta }: Piece): readonly ResponseEvent[] {
    if (!isObject(delta)) return []
    const texts = KINDS.flatMap(kind => {
      const text = delta[kind]
      return typeof text === 'string' && text !== '' ? this.#addText(kind, text) : []
    })
    // The reader has just made them.
    const calls = (delta['tool_calls'] ?? []) as readonly ToolCallPiece[]
    return [...texts, ...calls.flatMap(piece => this.#addCall(piece))]
  }

  /** The events that complete what is open. */
  finish(): readonly ResponseEvent[] {
    return [...this.#closeText(), ...this.#calls.flatMap(call => this.#closeCall(call))]
  }

  #addText(kind: TextKind, delta: string): readonly ResponseEvent[] {
    const closed = this.#open?.kind === kind ? [] : this.#closeText()
    const opened = this.#open === undefined ? this.#openText(kind) : []
    const open = this.#open
    if (open === undefined) return closed
    open.text += delta
    const { event, extra } = TEXTS[kind]
    return [...closed, ...opened, { type: `response.${event}.delta`, ...placeOf(open), delta, ...extra }]
  }

  #openText(kind: TextKind): readonly ResponseEvent[] {
    const { item } = TEXTS[kind]
    const open = { kind, id: makeId(item === 'message' ? 'msg_' : 'rs_'), place: this.#items.length, text: '' }
    this.#open = open
    const empty = { ...itemOf(open, 'in_progress'), content: [] }
    this.#items.push(empty)
    return [
      { type: 'response.output_item.added', output_index: open.place, item: empty },
      { type: 'response.content_part.added', ...placeOf(open), part: partOf(open) },
    ]
  }

  #closeText(): readonly ResponseEvent[] {
    const open = this.#open
    if (open === undefined) return []
    this.#open = undefined
    const { event, member, extra } = TEXTS[open.kind]
    const item = itemOf(open, 'completed')
    this.#items[open.place] = item
    return [
      { type: `response.${event}.done`, ...placeOf(open), [member]: open.text, ...extra },
      { type: 'response.content_part.done', ...placeOf(open), part: partOf(open) },
      { type: 'response.output_item.done', output_index: open.place, item },
    ]
  }

  #addCall({ index, id, function: called }: ToolCallPiece): readonly ResponseEvent[] {
    const known = this.#calls[index]
    if (known === undefined) return this.#openCall(index, id, called.name)
    known.arguments += called.arguments
    const { id: item_id, place: output_index } = known
    return [{ type: 'response.function_call_arguments.delta', item_id, output_index, delta: called.arguments }]
  }

  #openCall(index: number, callId: string | undefined, name: string | undefined): readonly ResponseEvent[] {
    const closed = this.#closeText()
    const call = { id: makeId('fc_'), callId, name, place: this.#items.length, arguments: '' }
    this.#calls[index] = call
    const item = callOf(call, 'in_progress')
    this.#items.push(item)
    return [...closed, { type: 'response.output_item.added', output_index: call.place, item }]
  }

  #closeCall(call: OpenCall): readonly ResponseEvent[] {
    const { id: item_id, place: output_index, name } = call
    const item = callOf(call, 'completed')
    this.#items[output_index] = item
    return [
      { type: 'response.function_call_arguments.done', item_id, output_index, name, arguments: call.arguments },
      { type: 'response.output_item.done', output_index, item },
    ]
  }
}

function placeOf({ id, place }: OpenText): object {
  return { item_id: id, output_index: place, content_index: 0 }
}

function partOf({ kind, text }: OpenText): object {
  const { part, member } = TEXTS[kind]
  return { type: part, [member]: text, ...(kind === 'content' ? { annotations: [], logprobs: [] } : {}) }
}

function itemOf(open: OpenText, status: string): object {
  const { id, kind } = open
  if (kind === 'reasoning_content') return { id, type: 'reasoning', status, summary: [], content: [partOf(open)] }
  return { id, type: 'message', status, role: 'assistant', content: [partOf(open)] }
}

function callOf({ id, callId, name, arguments: text }: OpenCall, status: string): object {
  return { id, type: 'function_call', status, call_id: callId, name, arguments: text }
}
