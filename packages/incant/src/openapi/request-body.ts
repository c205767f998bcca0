import { ELEMENTS, planTensorBody } from '../http/tensor-body.ts'
import { listMediaRanges } from '../schema/media-range.ts'
import type { BodyParameter } from '../signature/resolve.ts'
import type { PredictSignature } from '../signature/signature.ts'
import { compileValidator } from '../validation/validator.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import { withCredentials } from './credential-members.ts'
import type { CredentialMember } from './description.ts'
import type { Content, MediaTypeObject, RequestBody } from './document.ts'
import { describeExamples } from './examples.ts'
import { describeForm } from './form-content.ts'

const BYTES: Content = { 'application/octet-stream': {}, '*/*': {} }

interface RequestBodyParts {
  readonly components: ComponentSchemas
  /** Members of the payload that carry credentials. */
  readonly credentials?: readonly CredentialMember[] | undefined
}

/** The body that predict takes, by the role of the parameter that takes it. Absent: it takes none. */
export function describeRequestBody(
  signature: PredictSignature,
  body: BodyParameter | undefined,
  parts: RequestBodyParts,
): RequestBody | undefined {
  if (body === undefined) {
    if (!signature.parameters.some(({ role }) => role === 'request')) return undefined
    return { description: 'The request as it is; predict reads it.', required: false, content: { '*/*': {} } }
  }
  const content = withExamples(describeContent(body, signature, parts), body, signature)
  return { required: needsBody(body, signature), content }
}

/** Bytes may be none, and so may text, unless its type refuses the empty one. */
function needsBody({ role, optional, schema }: BodyParameter, { definitions }: PredictSignature): boolean {
  if (optional === true || role === 'bytes' || role === 'blob' || role === 'stream') return false
  return role !== 'text' || (schema !== undefined && !compileValidator(schema, definitions).validate('').ok)
}

function describeContent(
  body: BodyParameter,
  { definitions }: PredictSignature,
  { components, credentials = [] }: RequestBodyParts,
): Content {
  const { role, schema = {} } = body
  switch (role) {
    case 'payload':
      return {
        'application/json': { schema: withCredentials(schema, credentials, { definitions, components }) },
        // The elements of the only tensor.
        ...(planTensorBody(body, definitions) === undefined ? {} : { [ELEMENTS]: {} }),
      }
    case 'text':
      return describeText(components.rewrite({ type: 'string', ...schema }))
    case 'form':
      return describeForm(body.schema, definitions, components)
    case 'bytes':
    case 'blob':
    case 'stream':
      return schema.contentMediaType === undefined ? BYTES : describeRanges(schema.contentMediaType, {})
  }
}

/** Text of the types that it may be, and JSON strings. */
function describeText(schema: ReturnType<ComponentSchemas['rewrite']>): Content {
  const { contentMediaType = 'text/plain' } = schema
  return { ...describeRanges(contentMediaType, { schema }), 'application/json': { schema } }
}

function describeRanges(list: string, described: MediaTypeObject): Content {
  return Object.fromEntries(listMediaRanges(list).map(range => [range, described]))
}

/** Examples of the whole body are beside the schema, for all of its media types. */
function withExamples(content: Content, body: BodyParameter, signature: PredictSignature): Content {
  const examples = describeExamples(body, signature)
  if (examples === undefined) return content
  const isExample = (type: string): boolean => body.role !== 'payload' || type !== ELEMENTS
  return Object.fromEntries(
    Object.entries(content).map(([type, described]) => [
      type,
      isExample(type) ? { ...described, examples } : described,
    ]),
  )
}
