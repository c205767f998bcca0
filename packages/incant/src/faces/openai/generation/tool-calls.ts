import { isObject } from '../../../validation/json-types.ts'
import { makeId } from './identity.ts'

interface KnownCall {
  readonly id: string
  /** The index that predict gave. */
  readonly given: unknown
}

/** A piece of a call of a tool, as a chunk has it. */
export interface ToolCallPiece {
  readonly index: number
  readonly id?: string
  readonly type?: 'function'
  readonly function: { readonly name?: string; readonly arguments: string }
}

/**
 * The calls of tools of one answer. Each begins with a piece that has index, id, type, name and no arguments; indexes count
 * up, an id is given once, arguments are text: whatever predict yields of that.
 */
export class ToolCalls {
  readonly #calls: KnownCall[] = []

  get count(): number {
    return this.#calls.length
  }

  /** The pieces of a chunk that a piece of predict's comes to. */
  read(value: unknown): readonly ToolCallPiece[] {
    if (!isObject(value)) return []
    const called = isObject(value['function']) ? value['function'] : {}
    const text = toText(called['arguments'])
    const known = this.#find(value, called['name'])
    const begin = known === -1 ? [this.#begin(value, called['name'])] : []
    const index = known === -1 ? this.#calls.length - 1 : known
    return text === '' ? begin : [...begin, { index, function: { arguments: text } }]
  }

  /** Which call a piece goes on with; -1: it begins one. */
  #find({ id, index }: Readonly<Record<string, unknown>>, name: unknown): number {
    const known = id === undefined ? -1 : this.#calls.findIndex(call => call.id === id)
    if (known !== -1) return known
    const isNamed = typeof name === 'string' && name !== ''
    const same = index === undefined ? -1 : this.#calls.findLastIndex(({ given }) => given === index)
    // A name with another id is another call, also where all of them have the same index.
    if (isNamed) return id === undefined ? same : -1
    return same === -1 ? this.#calls.length - 1 : same
  }

  #begin({ id, index }: Readonly<Record<string, unknown>>, name: unknown): ToolCallPiece {
    const call = { id: typeof id === 'string' && id !== '' ? id : makeId('call_'), given: index }
    this.#calls.push(call)
    const called = { name: typeof name === 'string' ? name : '', arguments: '' }
    return { index: this.#calls.length - 1, id: call.id, type: 'function', function: called }
  }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}
