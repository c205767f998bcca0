import { chain, type MaybePromise } from '../async/maybe-promise.ts'
import { RequestError } from '../errors/request-error.ts'
import { exactBytes } from './exact-bytes.ts'
import { ReceivedForm } from './form/received-form.ts'
import { isBlob } from './platform-objects.ts'
import type { PredictInput } from './predict-io.ts'
import { type InputPlan, takeFields, toBodyClass, validate } from './read-input.ts'

/**
 * Makes the input of predict of a payload that something else has read: data for the roles `payload` and `text`, bytes or a
 * `Blob` for those that take bytes, a `ReceivedForm` for `form`.
 *
 * @throws {RequestError} `invalid_payload`, with the places.
 */
export function takePayload(payload: unknown, plan: InputPlan): MaybePromise<PredictInput> {
  if (plan.request) throw new TypeError('predict takes a Request, and there is none to give it')
  if (plan.body === undefined) return {}
  if (payload === undefined && plan.body.optional === true) return { body: undefined }
  return chain(toBody(payload, plan), body => ({ body }))
}

function toBody(payload: unknown, plan: InputPlan): MaybePromise<unknown> {
  const { role, bodyClass = role === 'blob' ? 'Blob' : 'Uint8Array' } = plan.body ?? {}
  switch (role) {
    case 'form':
      if (payload instanceof ReceivedForm) return takeFields(payload, plan)
      throw new TypeError('predict takes a form, and was given something else')
    case 'bytes':
    case 'blob':
      return chain(toBytes(payload), ({ bytes, type }) => toBodyClass(bytes, bodyClass, type))
    case 'stream':
      return chain(toBytes(payload), ({ bytes }) => new Blob([exactBytes(bytes)]).stream())
    case 'text':
      if (typeof payload !== 'string') throw notText()
      return validate(payload, plan)
    default:
      return validate(payload, plan)
  }
}

function toBytes(payload: unknown): MaybePromise<{ readonly bytes: Uint8Array; readonly type: string }> {
  if (payload instanceof Uint8Array) return { bytes: payload, type: '' }
  if (isBlob(payload)) return payload.arrayBuffer().then(read => ({ bytes: new Uint8Array(read), type: payload.type }))
  throw new TypeError('predict takes bytes, and was given something else')
}

function notText(): RequestError {
  return new RequestError('invalid_payload', { issues: [{ pointer: '#', detail: 'must be a string' }] })
}
