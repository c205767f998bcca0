import type { RequestErrorCode } from '../errors/codes.ts'
import { type BodyParameter, bodyParameter } from '../signature/resolve.ts'
import type { PredictSignature } from '../signature/signature.ts'
import { describeAnswer } from './answers.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import type { PredictorDescription } from './description.ts'
import type { Operation, ResponseObject } from './document.ts'
import { withRequestId } from './headers.ts'
import { describeProblem, describeProblems, FRAMING_ERRORS } from './problems.ts'
import { describeRequestBody } from './request-body.ts'

const PREDICT_ERRORS: readonly RequestErrorCode[] = [
  'cross_site',
  'not_serializable',
  'starting',
  'unavailable',
  'draining',
  'queue_full',
  'too_many_connections',
  'deadline_exceeded',
]

const SECURITY_ERRORS: readonly RequestErrorCode[] = [
  'malformed_credentials',
  'unauthorized',
  'invalid_credentials',
  'insufficient_scope',
  'rate_limited',
  'auth_failed',
  'auth_unavailable',
]

/** How an operation is called where a document has several of its kind. */
export interface OperationNames {
  readonly operationId: string
  readonly tag: string
}

const ALONE: OperationNames = { operationId: 'predict', tag: 'predictor' }

/** `POST /predict`. */
export function describePredict(
  description: PredictorDescription,
  components: ComponentSchemas,
  { operationId, tag }: OperationNames = ALONE,
): Operation {
  const { signature, security, maxBodySize } = description
  const body = bodyParameter(signature)
  const described = describeRequestBody(signature, body, { components, credentials: security?.members })
  const limit = maxBodySize === undefined ? {} : { 'x-incant-max-body-size': maxBodySize }
  const requestBody = described && { ...described, ...limit }
  return {
    operationId,
    summary: 'Predict',
    tags: [tag],
    ...(signature.description === undefined ? {} : { description: signature.description }),
    ...(signature.deprecated === undefined ? {} : { deprecated: signature.deprecated }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: {
      '200': describeAnswer(signature.returns, components),
      ...describeProblems([
        ...FRAMING_ERRORS,
        ...(security === undefined ? [] : SECURITY_ERRORS),
        ...bodyErrors(signature, body),
        ...PREDICT_ERRORS,
      ]),
      default: describeOther(signature),
    },
    // An empty list would mean that authentication is optional, where OpenAPI only cannot express it.
    ...(security === undefined || security.requirements.length === 0 ? {} : { security: security.requirements }),
  }
}

/** The possible errors depend on the kind of body. */
function bodyErrors(signature: PredictSignature, body: BodyParameter | undefined): readonly RequestErrorCode[] {
  if (body === undefined) {
    return signature.parameters.some(({ role }) => role === 'request') ? ['body_too_large'] : []
  }
  const errors: RequestErrorCode[] = ['body_too_large', 'unsupported_encoding']
  const isJSON = body.role === 'payload' || body.role === 'text'
  if (isJSON) errors.push('invalid_json', 'invalid_utf8', 'too_deep', 'forbidden_key', 'invalid_payload')
  if (body.role === 'payload' && body.optional !== true) errors.push('empty_body')
  if (body.role === 'form') errors.push('invalid_form', 'invalid_utf8')
  if (body.role === 'form' && body.schema !== undefined) errors.push('invalid_payload', 'too_deep', 'forbidden_key')
  const isTyped = isJSON || body.role === 'form' || body.schema?.contentMediaType !== undefined
  if (isTyped) errors.push('unsupported_media_type')
  return errors
}

function describeOther(signature: PredictSignature): ResponseObject {
  if (!signature.returns.some(({ kind }) => kind === 'response')) {
    return describeProblem('Any other status that predict chooses for an error.')
  }
  return withRequestId({ description: 'The response that predict returns.', content: { '*/*': {} } })
}
