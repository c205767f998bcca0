import { chain, type MaybePromise } from '../async/maybe-promise.ts'
import { ownTurn } from '../async/own-turn.ts'
import { RequestError } from '../errors/request-error.ts'
import type { OnCancel } from './bounded-stream.ts'
import type { DocumentReader } from './document-reader.ts'
import { exactBytes } from './exact-bytes.ts'
import { readForm } from './form/read-form.ts'
import { parseMediaType } from './media-type.ts'
import { readDocument } from './read-document.ts'
import { type InputLimits, type InputSource, LARGE } from './read-input.ts'
import { refuseEncoding, refuseMediaType } from './refuse-type.ts'

/** What a body is read as where it is not read for one predictor: JSON that no type has been asked about yet, a form, bytes. */
export type BodyForm = 'json' | 'form' | 'bytes' | 'none'

/** How such a body is read. */
export interface PlainBodyPlan {
  readonly form: BodyForm
  readonly limits: InputLimits
  /** Reads large JSON. Undefined: it is read here. */
  readonly reader: DocumentReader | undefined
}

/**
 * Reads a body within the limits: the parsed JSON, a `ReceivedForm`, or a `Uint8Array`; `none` is not read.
 *
 * @throws {RequestError} `unsupported_encoding`, `unsupported_media_type`, `body_too_large`, `empty_body`,
 * `invalid_json`, `invalid_utf8`, `invalid_form`, `too_deep`, `forbidden_key`.
 */
export function readPlainBody(
  source: Pick<InputSource, 'headers' | 'transport' | 'onCancel' | 'onWhole'>,
  plan: PlainBodyPlan,
): MaybePromise<unknown> {
  const { form, limits } = plan
  if (form === 'none') return undefined
  refuseEncoding(source.headers)
  const contentType = source.headers.get('content-type') ?? ''
  const type = parseMediaType(contentType)
  if (form !== 'bytes')
    refuseMediaType({ name: 'body', role: form === 'json' ? 'payload' : 'form' }, type, source.headers)
  return chain(source.transport.readBody(limits.maxBodySize), bytes => {
    if (form === 'bytes') return exactBytes(bytes)
    if (form === 'form') return readForm(bytes, contentType, limits)
    if (plan.reader !== undefined && plan.reader.placeOf(bytes) !== 'here')
      return readElsewhere(bytes, source, plan.reader)
    return bytes.length < LARGE ? parse(bytes, limits) : ownTurn().then(() => parse(bytes, limits))
  })
}

function parse(bytes: Uint8Array, limits: InputLimits): unknown {
  return readDocument(bytes, true, { role: 'payload', hasSchema: false, limits })
}

/**
 * Reads JSON as large bodies of other protocols are read: outside the event loop that answers all callers, where it is large.
 *
 * @throws {RequestError} The errors of reading; `queue_full`; the reason of the cancellation.
 */
export function readPlainText(
  text: string,
  onCancel: OnCancel,
  reader: DocumentReader | undefined,
): MaybePromise<unknown> {
  if (text.length < LARGE || reader === undefined) return JSON.parse(text)
  const bytes = new TextEncoder().encode(text)
  return reader.placeOf(bytes) === 'here' ? JSON.parse(text) : readElsewhere(bytes, { onCancel }, reader)
}

async function readElsewhere(
  bytes: Uint8Array,
  { onCancel, onWhole }: Pick<InputSource, 'onCancel' | 'onWhole'>,
  reader: DocumentReader,
): Promise<unknown> {
  onWhole?.()
  const { outcome } = await reader.read(exactBytes(bytes), { contentType: 'application/json', onCancel })
  if (outcome instanceof RequestError) throw outcome
  return reader.unpack(outcome)
}
