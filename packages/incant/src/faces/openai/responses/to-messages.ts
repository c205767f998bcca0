import { isObject } from '../../../validation/json-types.ts'
import { invalidValue, unsupported } from '../refusal.ts'

type Item = Readonly<Record<string, unknown>>

/** A message of a chat. */
interface Message {
  readonly role: unknown
  readonly content?: unknown
  tool_calls?: object[]
  readonly tool_call_id?: unknown
}

/** The input of a response as messages of a chat. */
export function toMessages(input: unknown): readonly Message[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }]
  if (!Array.isArray(input)) throw invalidValue('input', 'input must be a string or a list of items.')
  const messages: Message[] = []
  for (const [index, item] of input.entries()) {
    if (!isObject(item)) throw invalidValue(`input[${index}]`, 'An item of input must be an object.')
    addItem(messages, item, `input[${index}]`)
  }
  return messages
}

function addItem(messages: Message[], item: Item, place: string): void {
  switch (item['type'] ?? 'message') {
    case 'message':
      messages.push({ role: item['role'], content: toContent(item, place) })
      break
    case 'function_call':
      for (const name of ['call_id', 'name', 'arguments']) requireText(item, name, place)
      addCall(messages, item)
      break
    case 'function_call_output':
      messages.push({
        role: 'tool',
        tool_call_id: item['call_id'],
        content: toContent({ content: item['output'] }, place),
      })
      break
    case 'reasoning':
      break
    default:
      throw unsupported(place, 'Items of input are messages, function calls and their outputs.')
  }
}

function requireText(item: Item, name: string, place: string): void {
  if (typeof item[name] !== 'string') throw invalidValue(`${place}.${name}`, `${name} must be a string.`)
}

/** Calls that follow each other belong to one message of the assistant. */
function addCall(messages: Message[], { call_id: id, name, arguments: text }: Item): void {
  const call = { id, type: 'function', function: { name, arguments: text } }
  const last = messages.at(-1)
  if (last?.role === 'assistant') last.tool_calls = [...(last.tool_calls ?? []), call]
  else messages.push({ role: 'assistant', content: null, tool_calls: [call] })
}

/** A text, or parts where there is more than text. */
function toContent({ content }: Item, place: string): unknown {
  if (!Array.isArray(content)) return content
  const parts = content.map((part: unknown, index) => toPart(part, `${place}.content[${index}]`))
  const texts = parts.flatMap(part => ('text' in part ? [part['text']] : []))
  return texts.length === parts.length ? texts.join('') : parts
}

type Part = { readonly type: string } & Item

function toPart(part: unknown, place: string): Part {
  if (!isObject(part)) throw invalidValue(place, 'A part of a message must be an object.')
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
      requireText(part, 'text', place)
      return { type: 'text', text: part['text'] }
    case 'refusal':
      return { type: 'refusal', refusal: part['refusal'] }
    case 'input_image':
      return { type: 'image_url', image_url: { url: part['image_url'], ...detail(part) } }
    case 'input_audio':
      return { type: 'input_audio', input_audio: part['input_audio'] }
    case 'input_file': {
      const { file_data, file_id, filename } = part
      return { type: 'file', file: { file_data, file_id, filename } }
    }
    default:
      throw unsupported(place, 'Parts of a message are text, images, sound and files.')
  }
}

function detail({ detail }: Item): object {
  return detail === undefined ? {} : { detail }
}
