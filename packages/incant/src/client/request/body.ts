import { tagOf } from '../../json/wire-form.ts'
import { FormBody } from './form.ts'
import { writeJSON } from './json.ts'

/** A payload that is sent as JSON even if it is a string, a blob or the like. Made by {@link json}. */
export class JSONBody<Value = unknown> {
  /** Keeps an object of the same shape from passing for one. */
  readonly #value: Value

  constructor(value: Value) {
    this.#value = value
  }

  /** The wrapped value. */
  get value(): Value {
    return this.#value
  }
}

/**
 * Sends a value as JSON that would be sent as it is: a string to a predictor that takes `string | string[]`, whose payload
 * is JSON.
 *
 * @example
 * ```ts
 * await model.predict(json('one text'))
 * ```
 */
export function json<Value>(value: Value): JSONBody<Value> {
  return new JSONBody(value)
}

/** A body, as far as it is known before credentials join it. */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown; readonly text: string }
  | { readonly kind: 'raw'; readonly content: RawContent; readonly streamed: boolean }

/** Bodies that `fetch` sends unchanged. */
type RawContent = NonNullable<RequestInit['body']>

/** The body and the content type of a request. */
export interface WrittenBody {
  readonly init: RequestInit
  /** Absent: `fetch` sets the type itself, or there is none. */
  readonly contentType?: string
}

const RAW = ['String', 'Uint8Array', 'ArrayBuffer', 'Blob', 'File', 'FormData', 'URLSearchParams', 'ReadableStream']

/**
 * Decides how a payload is sent: strings, bytes, blobs, forms and streams as they are, anything else as JSON, `undefined`
 * not at all.
 *
 * @throws {TypeError} For what JSON cannot carry.
 */
export function readBody(payload: unknown): RequestBody {
  if (payload === undefined) return { kind: 'none' }
  if (payload instanceof JSONBody) return jsonBody(payload.value)
  if (payload instanceof FormBody) return { kind: 'raw', content: payload.toFormData(), streamed: false }
  const tag = tagOf(payload)
  if (!RAW.includes(tag)) return jsonBody(payload)
  // The tag says that it is one of those that fetch takes.
  return { kind: 'raw', content: payload as RawContent, streamed: tag === 'ReadableStream' }
}

function jsonBody(value: unknown): RequestBody {
  return { kind: 'json', value, text: writeJSON(value) }
}

/** Whether a body can be sent a second time: a stream is gone with the first. */
export function isRepeatable(body: RequestBody): boolean {
  return body.kind !== 'raw' || !body.streamed
}

/**
 * Writes a body for one attempt, with members that credentials add.
 *
 * @throws {TypeError} Where there are such members and the body has no place for them.
 */
export function writeBody(body: RequestBody, members: Readonly<Record<string, string>>): WrittenBody {
  const names = Object.keys(members)
  if (names.length > 0) return { init: { body: addMembers(body, members, names) }, contentType: JSON_TYPE }
  if (body.kind === 'none') return { init: {} }
  if (body.kind === 'json') return { init: { body: body.text }, contentType: JSON_TYPE }
  if (!body.streamed) return { init: { body: body.content } }
  // `duplex` is required for a stream (Fetch §5.4) and not yet in the types of every runtime.
  const init: RequestInit & { duplex: 'half' } = { body: body.content, duplex: 'half' }
  return { init }
}

const JSON_TYPE = 'application/json'

/** Puts members into JSON that is written already: the payload may be large, and is the same for each attempt. */
function addMembers(body: RequestBody, members: Readonly<Record<string, string>>, names: readonly string[]): string {
  if (body.kind === 'none') return JSON.stringify(members)
  if (body.kind === 'raw' || !body.text.startsWith('{'))
    throw new TypeError(`auth.bodyToken adds a member to the payload, so the payload must be a JSON object.`)
  const taken = names.find(name => Object.hasOwn(Object(body.value), name))
  if (taken !== undefined) throw new TypeError(`The payload has a member ${taken} already, where auth.bodyToken goes.`)
  const inside = JSON.stringify(members).slice(1, -1)
  return body.text === '{}' ? `{${inside}}` : `{${inside},${body.text.slice(1)}`
}
