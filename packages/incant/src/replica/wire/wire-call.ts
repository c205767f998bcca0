import type { PredictCall } from '../../engine/engine.ts'
import { BodyPieces } from '../../http/body-pieces.ts'
import { PackedDocument } from '../../http/document-reader.ts'
import { ReceivedFields } from '../../http/form/received-fields.ts'
import { type FormEntry, ReceivedForm } from '../../http/form/received-form.ts'
import { isBlob, isReadableStream } from '../../http/platform-objects.ts'
import type { PredictInput } from '../../http/predict-io.ts'
import { UnreadBody } from '../../http/unread-body.ts'
import type { FormFile } from '../../validation/received-file.ts'
import { toMachineClock } from './machine-clock.ts'
import { unpackValue } from './packed-value.ts'
import type { WireBody, WireCall, WireEntry, WireRequest } from './protocol.ts'
import { ownBuffer } from './views.ts'
import { type Attached, decodeValue, encodeValue, takeNext } from './wire-value.ts'

/** A call as data, its bytes, and the body that streams beside it, if one does. */
export interface EncodedCall {
  readonly call: WireCall
  readonly attached: readonly Uint8Array[] | undefined
  /** Arrives before the bytes, as the first of them. */
  readonly pieces: readonly Uint8Array[] | undefined
  readonly stream: ReadableStream<Uint8Array> | undefined
}

/** A body as data, and its bytes. */
interface EncodedBody {
  readonly body: WireBody | undefined
  readonly attached: readonly Uint8Array[]
}

const NOTHING: readonly Uint8Array[] = []

/**
 * Prepares a call for the other process. Blobs are read here, since nothing else can be done with them at once.
 *
 * @throws {TypeError} For a payload with an instance of a class, which only `@input` can have created.
 * @throws {DOMException} `DataCloneError` for one with a function.
 */
export function encodeCall(call: PredictCall): EncodedCall | Promise<EncodedCall> {
  const { body } = call.input
  return isBlob(body) ? encodeBlob(body).then(encoded => assemble(call, encoded)) : assemble(call, encodeBody(body))
}

function encodeBody(body: unknown): EncodedBody {
  if (body === undefined) return { body: undefined, attached: NOTHING }
  if (body instanceof ReceivedForm) return encodeForm(body)
  if (body instanceof PackedDocument) return encodePacked(body)
  if (body instanceof UnreadBody) return encodeUnread(body)
  if (body instanceof ArrayBuffer) return encodeBuffer(body)
  if (body instanceof BodyPieces) return encodePieces(body)
  if (isReadableStream(body)) return { body: { kind: 'stream' }, attached: NOTHING }
  const fields = body instanceof ReceivedFields ? body.value : undefined
  const { wire, attached } = encodeValue(fields ?? body)
  return { body: { kind: fields === undefined ? 'value' : 'fields', wire }, attached }
}

function assemble(call: PredictCall, { body, attached }: EncodedBody): EncodedCall {
  const { id, deadline, streamFormat, answer, client, principal, report } = call
  const { request, body: given } = call.input
  // A custom verifier may put anything into a principal.
  const known = principal && encodeValue(principal)
  const wire = {
    id,
    body,
    deadline: Math.ceil(toMachineClock(deadline)),
    streamFormat,
    answer,
    client,
    principal: known?.wire,
    reports: report && (true as const),
    request: request === undefined ? undefined : encodeRequest(request),
  }
  const all = known === undefined || known.attached.length === 0 ? attached : [...attached, ...known.attached]
  return {
    call: wire,
    attached: all.length === 0 ? undefined : all,
    pieces: given instanceof BodyPieces ? given.pieces : undefined,
    stream: chooseStream(given, request),
  }
}

/** The body goes once, also where predict takes it twice; both are then of the same bytes. */
function chooseStream(body: unknown, request: Request | undefined): ReadableStream<Uint8Array> | undefined {
  const given = body instanceof UnreadBody ? body.content : body
  if (!isReadableStream(given)) return request?.body ?? undefined
  request?.body?.cancel().catch(() => {})
  return given
}

function encodeForm({ entries }: ReceivedForm): EncodedBody {
  const attached: Uint8Array[] = []
  const wire = entries.map(([name, value]): WireEntry => {
    if (typeof value === 'string') return [name, value]
    attached.push(value.bytes)
    return [name, { name: value.name, mediaType: value.mediaType }]
  })
  return { body: { kind: 'form', entries: wire }, attached }
}

function encodePacked({ isJSON, isValidated, content, attached }: PackedDocument): EncodedBody {
  return { body: { kind: 'packed', isJSON, isValidated, count: attached.length }, attached: [content, ...attached] }
}

function encodeUnread({ contentType, content }: UnreadBody): EncodedBody {
  const isStreamed = isReadableStream(content)
  return { body: { kind: 'unread', contentType, isStreamed }, attached: isStreamed ? NOTHING : [content] }
}

function encodeBuffer(buffer: ArrayBuffer): EncodedBody {
  const body = { kind: 'bytes', bodyClass: 'ArrayBuffer', mediaType: '', name: '' } as const
  return { body, attached: [new Uint8Array(buffer)] }
}

/** The pieces are beside what is attached. */
function encodePieces({ bodyClass, mediaType }: BodyPieces): EncodedBody {
  return { body: { kind: 'bytes', bodyClass, mediaType, name: bodyClass === 'File' ? 'body' : '' }, attached: NOTHING }
}

async function encodeBlob(blob: Blob): Promise<EncodedBody> {
  const bodyClass = blob instanceof File ? 'File' : 'Blob'
  const { bytes, ...file } = await encodeFile(blob)
  return { body: { kind: 'bytes', bodyClass, ...file }, attached: [bytes] }
}

async function encodeFile(blob: Blob): Promise<FormFile> {
  const name = blob instanceof File ? blob.name : ''
  return { name, mediaType: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) }
}

function encodeRequest(request: Request): WireRequest {
  const { url, method, headers, body } = request
  return { url, method, headers: [...headers], hasBody: body !== null }
}

/** What restores the arguments of predict, beside the call. */
export interface InputSources {
  /** What is attached to the call. */
  readonly attached: Attached
  /** Begins to receive the body that streams. */
  stream(): ReadableStream<Uint8Array>
  /** The signal of the request. */
  signal(): AbortSignal
}

/** The arguments of predict, restored from data. */
export function decodeInput({ body: wire, request }: WireCall, sources: InputSources): PredictInput {
  if (wire?.kind !== 'stream') {
    const body = decodeBody(wire, sources)
    return request === undefined ? { body } : { body, request: decodeRequest(request, sources) }
  }
  const stream = sources.stream()
  if (request === undefined) return { body: stream }
  const [body, other] = stream.tee()
  return { body, request: decodeRequest(request, { ...sources, stream: () => other }) }
}

function decodeBody(
  body: Exclude<WireBody, { kind: 'stream' }> | undefined,
  { attached, stream }: InputSources,
): unknown {
  switch (body?.kind) {
    case undefined:
      return undefined
    case 'value':
      return decodeValue(body.wire, attached)
    case 'fields':
      // What was encoded was the value of fields.
      return new ReceivedFields(decodeValue(body.wire, attached) as object)
    case 'packed':
      return decodePacked(body, attached)
    case 'unread':
      return new UnreadBody(body.contentType, body.isStreamed ? stream() : takeNext(attached))
    case 'form':
      return new ReceivedForm(body.entries.map(entry => decodeEntry(entry, attached)))
    case 'bytes':
      return decodeBytes(body, takeNext(attached))
  }
}

function decodePacked({ isJSON, isValidated, count }: WireBody & { kind: 'packed' }, attached: Attached): unknown {
  const content = takeNext(attached)
  return unpackValue({
    isJSON,
    isValidated,
    content,
    attached: Array.from({ length: count }, () => takeNext(attached)),
  })
}

function decodeEntry([name, value]: WireEntry, attached: Attached): FormEntry {
  return [name, typeof value === 'string' ? value : { ...value, bytes: takeNext(attached) }]
}

function decodeBytes(
  { bodyClass, name, mediaType }: WireBody & { kind: 'bytes' },
  bytes: Uint8Array,
): Uint8Array | ArrayBuffer | Blob {
  const buffer = ownBuffer(bytes)
  switch (bodyClass) {
    case 'Uint8Array':
      return new Uint8Array(buffer)
    case 'ArrayBuffer':
      return buffer
    case 'Buffer':
      return Buffer.from(buffer)
    case 'Blob':
      return new Blob([new Uint8Array(buffer)], { type: mediaType })
    case 'File':
      return new File([new Uint8Array(buffer)], name, { type: mediaType })
  }
}

function decodeRequest(request: WireRequest, { stream, signal }: Pick<InputSources, 'stream' | 'signal'>): Request {
  const headers = request.headers.map(([name, value]): [string, string] => [name, value])
  const init: RequestInit & { duplex: 'half' } = {
    method: request.method,
    headers,
    body: request.hasBody ? stream() : null,
    signal: signal(),
    duplex: 'half',
  }
  return new Request(request.url, init)
}
