import { chain, type MaybePromise } from '../async/maybe-promise.ts'
import { ownTurn } from '../async/own-turn.ts'
import { RequestError } from '../errors/request-error.ts'
import { type BodyParameter, bodyParameter } from '../signature/resolve.ts'
import type { BodyClass, PredictSignature } from '../signature/signature.ts'
import type { Validator } from '../validation/validation.ts'
import { BodyPieces } from './body-pieces.ts'
import type { OnCancel } from './bounded-stream.ts'
import type { DocumentReader } from './document-reader.ts'
import { exactBytes } from './exact-bytes.ts'
import type { FormLimits } from './form/form-limits.ts'
import { type FieldReader, planFields } from './form/read-fields.ts'
import { readForm } from './form/read-form.ts'
import { ReceivedFields } from './form/received-fields.ts'
import type { ReceivedForm } from './form/received-form.ts'
import { isJSON, type MediaType, parseMediaType } from './media-type.ts'
import type { JSONLimits } from './parse-json.ts'
import type { PredictInput } from './predict-io.ts'
import { type DocumentPlan, readDocument, takeValid } from './read-document.ts'
import { bufferedRequest, emptyStream, streamRequest } from './rebuild-request.ts'
import { refuseEncoding, refuseMediaType } from './refuse-type.ts'
import type { RequestSource } from './request-source.ts'
import { ELEMENTS, planTensorBody, readTensorBody, type TensorBody } from './tensor-body.ts'
import { UnreadBody } from './unread-body.ts'

/** How a predictor's input is read: made once from its signature. */
export interface InputPlan {
  /** The parameter that takes the body, if one does. */
  readonly body: BodyParameter | undefined
  /** Whether a parameter takes the raw request. */
  readonly request: boolean
  /** Checks the body's value, for the roles `payload`, `text`, and `form` where it has fields. */
  readonly validator: Validator | undefined
  /** Reads the fields of a form, where predict takes them and not a `FormData`. */
  readonly readFields: FieldReader | undefined
  /** How a payload is read that comes as the elements of its only tensor. Undefined: there is none. */
  readonly tensor: TensorBody | undefined
  readonly limits: InputLimits
  /** Reads large bodies, or says that they are left unread. Undefined: they are read here, as all others. */
  readonly reader?: DocumentReader | undefined
  /** Whether a large body of bytes is given as {@link BodyPieces}. */
  readonly takesPieces?: boolean | undefined
}

/** The limits of a body. */
export interface InputLimits extends JSONLimits, FormLimits {
  readonly maxBodySize: number
}

/** Plans how a signature's input is read. */
export function planInput(
  signature: PredictSignature,
  validator: Validator | undefined,
  { limits, reader, takesPieces }: Pick<InputPlan, 'limits' | 'reader' | 'takesPieces'>,
): InputPlan {
  const request = signature.parameters.some(parameter => parameter.role === 'request')
  const body = bodyParameter(signature)
  const readFields =
    body?.role === 'form' && body.schema !== undefined
      ? planFields(body.schema, signature.definitions, limits)
      : undefined
  // Now, so that the first form need not wait for it.
  if (body?.role === 'form') import('./form/read-multipart.ts').catch(() => {})
  const tensor = body && planTensorBody(body, signature.definitions)
  return { body, request, validator, readFields, tensor, limits, reader, takesPieces }
}

/** One request to read. */
export interface InputSource extends Omit<RequestSource, 'method'> {
  /** The signal of the request passed to predict; created on demand. */
  signal(): AbortSignal
  /** Calls back when the call is cancelled. */
  readonly onCancel: OnCancel
  /** Told when the body is there and is about to be read elsewhere: from now on the caller waits for us. */
  onWhole?(): void
  /** Takes work for when the exchange is over. */
  onOver?(task: () => unknown): void
  /** Gets a parsed JSON payload before it is validated, and returns the rest of it, or a promise of it. */
  readonly onPayload?: ((payload: unknown) => unknown) | undefined
}

/**
 * Reads what predict's parameters take from a request.
 *
 * @throws {RequestError} `unsupported_encoding`, `unsupported_media_type`, `body_too_large`, `empty_body`,
 * `invalid_json`, `invalid_utf8`, `invalid_form`, `too_deep`, `forbidden_key`, `invalid_payload`.
 */
export function readInput(source: InputSource, plan: InputPlan): MaybePromise<PredictInput> {
  if (plan.body === undefined) return plan.request ? { request: streamRequest(source, plan.limits) } : {}
  refuseEncoding(source.headers)
  const type = parseMediaType(source.headers.get('content-type'))
  const isElements = plan.tensor !== undefined && type.essence === ELEMENTS
  const accept = plan.tensor === undefined ? {} : { accept: `application/json, ${ELEMENTS}` }
  if (!isElements) refuseMediaType({ ...plan.body, ...accept }, type, source.headers)
  if (plan.body.role === 'stream' && !plan.request) {
    return { body: source.transport.streamBody(plan.limits.maxBodySize) ?? emptyStream() }
  }
  if (isGathered(plan, source)) return gather(plan, source)
  return borrow(plan, source) ?? readWhole(type, plan, source)
}

function readWhole(type: MediaType, plan: InputPlan, source: InputSource): MaybePromise<PredictInput> {
  return chain(source.transport.readBody(plan.limits.maxBodySize), bytes => {
    const { reader } = plan
    const place = reader?.placeOf(bytes) ?? 'here'
    if (place === 'last') return leaveUnread(exactBytes(bytes), plan, source)
    if (reader !== undefined && place === 'aside') return readElsewhere(bytes, { plan, source, reader })
    return bytes.length < LARGE
      ? toInput(bytes, type, plan, source)
      : ownTurn().then(() => toInput(bytes, type, plan, source))
  })
}

/** Whether a body may be so large that not all of it is to be in memory here: a form, unless predict also takes the request. */
function isGathered({ body, request, reader }: InputPlan, { headers }: InputSource): boolean {
  return body?.role === 'form' && !request && reader !== undefined && mayBeLarge(headers)
}

function mayBeLarge(headers: InputSource['headers']): boolean {
  const length = headers.get('content-length')
  return length === null ? headers.has('transfer-encoding') : Number(length) > LARGE
}

/** A large body of bytes, where predict runs in another process and the transport lends memory. Undefined: it is read as others are. */
function borrow(plan: InputPlan, source: InputSource): Promise<PredictInput> | undefined {
  const { body, request, takesPieces } = plan
  const isBytes = body?.role === 'bytes' || body?.role === 'blob'
  if (!takesPieces || !isBytes || request || !mayBeLarge(source.headers)) return undefined
  const taken = { bodyClass: bodyClassOf(plan), mediaType: contentTypeOf(source) }
  return source.transport.borrowBody?.(plan.limits.maxBodySize).then(lent => {
    const isAbsent = lent.pieces.length === 0 && body.optional === true
    return { body: isAbsent ? undefined : new BodyPieces(lent, taken) }
  })
}

function bodyClassOf({ body }: InputPlan): BodyClass {
  return body?.bodyClass ?? (body?.role === 'blob' ? 'Blob' : 'Uint8Array')
}

async function gather(plan: InputPlan, source: InputSource): Promise<PredictInput> {
  const body = source.transport.streamBody(plan.limits.maxBodySize) ?? emptyStream()
  const content = await plan.reader?.gather(body, task => source.onOver?.(task))
  const isSmall = content instanceof Uint8Array && plan.reader?.placeOf(content) === 'here'
  return isSmall
    ? toInput(content, parseMediaType(contentTypeOf(source)), plan, source)
    : leaveUnread(content ?? new Uint8Array(0), plan, source)
}

/** The process that runs predict reads it. */
function leaveUnread(
  content: Uint8Array | ReadableStream<Uint8Array>,
  plan: InputPlan,
  source: InputSource,
): PredictInput {
  source.onWhole?.()
  const body = new UnreadBody(contentTypeOf(source), content)
  return plan.request && content instanceof Uint8Array ? { body, request: bufferedRequest(source, content) } : { body }
}

interface Reading {
  readonly plan: InputPlan
  readonly source: InputSource
  readonly reader: DocumentReader
}

/** Errors of the credentials in a payload are reported before its other errors. */
async function readElsewhere(bytes: Uint8Array, reading: Reading): Promise<PredictInput> {
  const { plan, source, reader } = reading
  source.onWhole?.()
  const request = plan.request ? { request: bufferedRequest(source, bytes.slice()) } : {}
  const options = { contentType: contentTypeOf(source), onCancel: source.onCancel }
  const { credentials, outcome } = await reader.read(exactBytes(bytes), options)
  await source.onPayload?.(credentials)
  if (outcome instanceof RequestError) throw outcome
  return { body: outcome, ...request }
}

function contentTypeOf({ headers }: InputSource): string {
  return headers.get('content-type') ?? ''
}

/** Bytes of a body whose parse is felt by everybody else: about a millisecond. */
export const LARGE = 131_072

function toInput(bytes: Uint8Array, type: MediaType, plan: InputPlan, source: InputSource): MaybePromise<PredictInput> {
  const isAbsent = bytes.length === 0 && plan.body?.optional === true
  return chain(isAbsent ? undefined : readBody(bytes, type, plan, source), body =>
    plan.request ? { body, request: bufferedRequest(source, bytes) } : { body },
  )
}

/** The body in the form of its role, or a promise of it. */
function readBody(bytes: Uint8Array, type: MediaType, plan: InputPlan, source: InputSource): unknown {
  const role = plan.body?.role
  if (role === 'payload') return acceptPayload(parsePayload(bytes, type, plan, source), plan, source)
  if (role === 'text') return validate(readDocument(bytes, isJSON(type), toDocumentPlan(plan, 'text')), plan)
  if (role === 'form') return readForm(bytes, contentTypeOf(source), plan.limits).then(form => takeFields(form, plan))
  if (role === 'stream') return new Blob([exactBytes(bytes)]).stream()
  return toBodyClass(bytes, bodyClassOf(plan), contentTypeOf(source))
}

/** A payload of JSON, or of the elements of its only tensor. */
function parsePayload(bytes: Uint8Array, type: MediaType, plan: InputPlan, source: InputSource): unknown {
  const isElements = plan.tensor !== undefined && type.essence === ELEMENTS
  if (isElements) return readTensorBody(exactBytes(bytes), contentTypeOf(source), plan.tensor)
  return readDocument(bytes, true, toDocumentPlan(plan, 'payload'))
}

function acceptPayload(payload: unknown, plan: InputPlan, source: InputSource): unknown {
  const left = source.onPayload === undefined ? payload : source.onPayload(payload)
  return left instanceof Promise ? left.then(settled => validate(settled, plan)) : validate(left, plan)
}

function toDocumentPlan(plan: InputPlan, role: DocumentPlan['role']): DocumentPlan {
  const { body, validator, limits, reader } = plan
  const hasSchema = body?.schema !== undefined
  // Where there is a reader, predict runs in another process.
  return { role, hasSchema, limits, numbers: validator?.numbers, isFlat: reader !== undefined }
}

/** The value as its validator gives it, or a promise of it. */
export function validate(value: unknown, plan: Pick<InputPlan, 'validator'>): unknown {
  if (plan.validator === undefined) return value
  const result = plan.validator.validate(value)
  return result instanceof Promise ? result.then(takeValid) : takeValid(result)
}

/** The form itself, or its fields, checked. */
export function takeFields(form: ReceivedForm, plan: InputPlan): MaybePromise<ReceivedForm | ReceivedFields> {
  if (plan.readFields === undefined) return form
  const fields = validate(plan.readFields(form.entries), plan)
  // The schema of fields is one of an object.
  return chain(fields, checked => new ReceivedFields(checked as object))
}

/** Bytes as the class that predict takes them in. */
export function toBodyClass(bytes: Uint8Array, bodyClass: BodyClass, type: string): Uint8Array | ArrayBuffer | Blob {
  const exact = exactBytes(bytes)
  switch (bodyClass) {
    case 'Uint8Array':
      return exact
    case 'ArrayBuffer':
      return exact.buffer
    case 'Buffer':
      return Buffer.from(exact.buffer)
    case 'Blob':
      return new Blob([exact], { type })
    case 'File':
      return new File([exact], 'body', { type })
  }
}
