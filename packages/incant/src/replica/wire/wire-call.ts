import type { PredictCall } from '../../engine/engine.ts'
import { PackedDocument } from '../../http/document-reader.ts'
import { ReceivedFields } from '../../http/form/received-fields.ts'
import { ReceivedForm } from '../../http/form/received-form.ts'
import type { PredictInput } from '../../http/predict-io.ts'
import { UnreadBody } from '../../http/unread-body.ts'
import type { ParameterSignature } from '../../signature/signature.ts'
import type { FormFile } from '../../validation/received-file.ts'
import { toMachineClock } from './machine-clock.ts'
import { unpackValue } from './packed-value.ts'
import type { WireBody, WireCall, WireRequest } from './protocol.ts'
import { decodeValue, encodeValue } from './wire-value.ts'

/** A call as data, and the body that streams beside it, if one does. */
export interface EncodedCall {
  readonly call: WireCall
  /** Whether JSON carries the call as it is. */
  readonly isJSON: boolean
  readonly stream: ReadableStream<Uint8Array> | undefined
}

/**
 * Prepares a call for the other process. Blobs are read here, since structured clone leaves them out.
 *
 * @throws {TypeError} For a payload with an instance of a class, which only `@input` can have created.
 */
export function encodeCall(call: PredictCall): EncodedCall | Promise<EncodedCall> {
  const { body } = call.input
  if (body instanceof Blob) return encodeBlob(body).then(encoded => assemble(call, encoded, false))
  if (body instanceof ReceivedForm) return assemble(call, { kind: 'form', entries: body.entries }, false)
  if (body instanceof PackedDocument) return assemble(call, encodePacked(body), false)
  if (body instanceof UnreadBody) return assemble(call, encodeUnread(body), body.content instanceof ReadableStream)
  if (body instanceof ArrayBuffer) return assemble(call, encodeBuffer(body), false)
  if (body instanceof ReadableStream) return assemble(call, { kind: 'stream' }, true)
  if (body === undefined) return assemble(call, undefined, true)
  const fields = body instanceof ReceivedFields ? body.value : undefined
  const { isJSON, ...encoded } = encodeValue(fields ?? body)
  return assemble(call, { kind: fields === undefined ? 'value' : 'fields', ...encoded }, isJSON)
}

function assemble(call: PredictCall, body: WireBody | undefined, isJSON: boolean): EncodedCall {
  const { id, deadline, streamFormat, answer, client, principal, report } = call
  const { request, body: given } = call.input
  const wire = {
    ...{ id, body, deadline: toMachineClock(deadline), streamFormat, answer, client, principal },
    reports: report && (true as const),
    request: request === undefined ? undefined : encodeRequest(request),
  }
  // A verifier of one's own may put anything into a principal.
  const isPlain = isJSON && (principal === undefined || encodeValue(principal).isJSON)
  return { call: wire, isJSON: isPlain, stream: chooseStream(given, request) }
}

/** The body goes once, also where predict takes it twice; both are then of the same bytes. */
function chooseStream(body: unknown, request: Request | undefined): ReadableStream<Uint8Array> | undefined {
  const given = body instanceof UnreadBody ? body.content : body
  if (!(given instanceof ReadableStream)) return request?.body ?? undefined
  request?.body?.cancel().catch(() => {})
  return given
}

function encodePacked({ isJSON, isValidated, content, attached }: PackedDocument): WireBody {
  return { kind: 'packed', isJSON, isValidated, content, attached }
}

function encodeUnread({ contentType, content }: UnreadBody): WireBody {
  return content instanceof Uint8Array
    ? { kind: 'unread', contentType, bytes: content }
    : { kind: 'unread', contentType }
}

function encodeBuffer(buffer: ArrayBuffer): WireBody {
  return { kind: 'bytes', bodyClass: 'ArrayBuffer', bytes: new Uint8Array(buffer), mediaType: '', name: '' }
}

async function encodeBlob(blob: Blob): Promise<WireBody> {
  const bodyClass = blob instanceof File ? 'File' : 'Blob'
  return { kind: 'bytes', bodyClass, ...(await encodeFile(blob)) }
}

async function encodeFile(blob: Blob): Promise<FormFile> {
  const name = blob instanceof File ? blob.name : ''
  return { name, mediaType: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) }
}

function encodeRequest(request: Request): WireRequest {
  const { url, method, headers, body } = request
  return { url, method, headers: [...headers], hasBody: body !== null }
}

/** The arguments of predict, restored from data. */
export function decodeInput(
  call: WireCall,
  stream: () => ReadableStream<Uint8Array>,
  signal: () => AbortSignal,
): PredictInput {
  if (call.body?.kind !== 'stream') {
    const body = decodeBody(call.body, stream)
    return call.request === undefined ? { body } : { body, request: decodeRequest(call.request, stream, signal) }
  }
  if (call.request === undefined) return { body: stream() }
  const [body, other] = stream().tee()
  return { body, request: decodeRequest(call.request, () => other, signal) }
}

function decodeBody(
  body: Exclude<WireBody, { kind: 'stream' }> | undefined,
  stream: () => ReadableStream<Uint8Array>,
): unknown {
  switch (body?.kind) {
    case undefined:
      return undefined
    case 'value':
      return decodeValue(body)
    case 'fields':
      // What was encoded was the value of fields.
      return new ReceivedFields(decodeValue(body) as object)
    case 'packed':
      return unpackValue(body)
    case 'unread':
      return new UnreadBody(body.contentType, body.bytes ?? stream())
    case 'form':
      return new ReceivedForm(body.entries)
    case 'bytes':
      return body.bodyClass === 'ArrayBuffer' ? ownBuffer(body.bytes) : decodeFile(body, body.bodyClass)
  }
}

function decodeFile(file: FormFile, bodyClass: ParameterSignature['bodyClass']): Blob {
  const parts = [new Uint8Array(ownBuffer(file.bytes))]
  return bodyClass === 'File'
    ? new File(parts, file.name, { type: file.mediaType })
    : new Blob(parts, { type: file.mediaType })
}

function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  // The channel has made every view own its buffer.
  return bytes.buffer as ArrayBuffer
}

function decodeRequest(
  request: WireRequest,
  stream: () => ReadableStream<Uint8Array>,
  signal: () => AbortSignal,
): Request {
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
