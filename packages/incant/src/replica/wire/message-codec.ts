import type { StreamFormat } from '../../http/predict-io.ts'
import type { Message } from './frame.ts'
import type { CallMessage, FromReplica, OutputMessage, ToReplica, WireBody, WireCall, WireOutput } from './protocol.ts'

/*
 * The forms in which messages go into a frame. Those of every call are arrays, where a part is known by its place: names of
 * members take longer to write and to read than all else in a small call. Of other messages the form is the message itself.
 *
 * The forms that are decoded are those that the same module has encoded, in the process at the other end.
 */

/** A call. */
type CallForm = readonly [
  n: number,
  sentAt: number,
  id: string,
  deadline: number,
  streamFormat: StreamFormat,
  address: string | null,
  body: BodyForm,
  more?: Pick<WireCall, Seldom>,
]

/** Parts that most calls do not have. */
type Seldom = 'answer' | 'principal' | 'reports' | 'request' | 'trace'

/** A value from which nothing was taken is alone in an array. Every other body is its own form. */
type BodyForm = PlainForm | WireBody | null
type PlainForm = readonly [value: unknown]

/** A text, or bytes, which are attached. */
type OutputForm = readonly [n: number, contentType: string, text?: string]

export function encodeToReplica(message: ToReplica): unknown {
  return message.type === 'call' ? toCallForm(message) : withoutBytes(message)
}

export function decodeToReplica(form: unknown, attached: Uint8Array[] | undefined): ToReplica {
  if (Array.isArray(form)) return fromCallForm(form as unknown as CallForm, attached)
  return withBytes(form as ToReplica, attached)
}

export function encodeFromReplica(message: FromReplica): unknown {
  if (message.type === 'output') return toOutputForm(message)
  return message.type === 'chunk' && message.m === undefined ? message.n : withoutBytes(message)
}

export function decodeFromReplica(form: unknown, attached: Uint8Array[] | undefined): FromReplica {
  if (Array.isArray(form)) return fromOutputForm(form as unknown as OutputForm, attached)
  // An item of a stream.
  if (typeof form === 'number') return { type: 'chunk', n: form, attached: attached ?? [] }
  return withBytes(form as FromReplica, attached)
}

function toCallForm({ n, sentAt, call }: CallMessage): CallForm {
  const { id, deadline, streamFormat, client, answer, principal, reports, request, trace } = call
  const [address, body] = [client.address ?? null, toBodyForm(call.body)]
  if ((answer ?? principal ?? reports ?? request ?? trace) === undefined)
    return [n, sentAt, id, deadline, streamFormat, address, body]
  return [n, sentAt, id, deadline, streamFormat, address, body, { answer, principal, reports, request, trace }]
}

function fromCallForm(form: CallForm, attached: Uint8Array[] | undefined): CallMessage {
  const [n, sentAt, id, deadline, streamFormat, address, body, more] = form
  const call = {
    id,
    deadline,
    streamFormat,
    client: { address: address ?? undefined },
    body: fromBodyForm(body),
    answer: more?.answer,
    principal: more?.principal,
    reports: more?.reports,
    request: more?.request,
    trace: more?.trace,
  }
  return { type: 'call', n, sentAt, call, attached }
}

function toBodyForm(body: WireBody | undefined): BodyForm {
  if (body?.kind !== 'value' || 'isClone' in body.wire || body.wire.taken !== undefined) return body ?? null
  return [body.wire.value]
}

function fromBodyForm(form: BodyForm): WireBody | undefined {
  return isPlain(form) ? { kind: 'value', wire: { value: form[0] } } : (form ?? undefined)
}

function isPlain(form: BodyForm): form is PlainForm {
  return Array.isArray(form)
}

function toOutputForm(message: OutputMessage): OutputForm | Message {
  const { n, output } = message
  switch (output.kind) {
    case 'text':
      return [n, output.contentType, output.text]
    case 'bytes':
      return [n, output.contentType]
    default:
      return withoutBytes(message)
  }
}

function fromOutputForm(form: OutputForm, attached: Uint8Array[] | undefined): OutputMessage {
  const [n, contentType, text] = form
  const output: WireOutput = text === undefined ? { kind: 'bytes', contentType } : { kind: 'text', contentType, text }
  return { type: 'output', n, output, attached }
}

/** The form of a message that has no other: what is attached goes beside it. */
export function withoutBytes(message: Message): Message {
  if (message.attached === undefined && message.pieces === undefined) return message
  const { attached, pieces, ...form } = message
  return form
}

/** The message of which {@link withoutBytes} gave the form. */
export function withBytes<Received extends Message>(form: Received, attached: Uint8Array[] | undefined): Received {
  return attached === undefined ? form : { ...form, attached }
}
