import type { BodyParameter } from '../signature/resolve.ts'
import type { PredictSignature } from '../signature/signature.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import type { Content, RequestBody } from './document.ts'
import { describeForm } from './form-content.ts'

const BYTES: Content = { 'application/octet-stream': {}, '*/*': {} }

interface RequestBodyParts {
  readonly components: ComponentSchemas
  /** Members of the payload that carry credentials. */
  readonly credentials?: readonly string[] | undefined
}

/** The body that predict takes, by the role of the parameter that takes it. Absent: it takes none. */
export function describeRequestBody(
  signature: PredictSignature,
  body: BodyParameter | undefined,
  { components, credentials = [] }: RequestBodyParts,
): RequestBody | undefined {
  if (body !== undefined) {
    const description = credentials.map(describeCredentials).join('\n')
    const required = body.optional !== true
    return {
      ...(description === '' ? {} : { description }),
      required,
      content: describeContent(body, signature, components),
    }
  }
  if (!signature.parameters.some(({ role }) => role === 'request')) return undefined
  return { description: 'The request as it is; predict reads it.', required: false, content: { '*/*': {} } }
}

function describeCredentials(member: string): string {
  return `The member \`${member}\` holds the caller's token, a string. It is taken out before the payload is validated.`
}

function describeContent(body: BodyParameter, signature: PredictSignature, components: ComponentSchemas): Content {
  switch (body.role) {
    case 'payload':
      return { 'application/json': { schema: components.rewrite(body.schema ?? {}) } }
    case 'text':
      return describeText(components.rewrite(body.schema ?? { type: 'string' }))
    case 'form':
      return describeForm(body.schema, signature.definitions, components)
    case 'bytes':
    case 'blob':
    case 'stream':
      return BYTES
  }
}

function describeText(schema: ReturnType<ComponentSchemas['rewrite']>): Content {
  return { 'text/plain': { schema }, 'application/json': { schema } }
}
