import { listMediaRanges } from '../schema/media-range.ts'
import type { ReturnSignature } from '../signature/signature.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import type { Content, MediaTypeObject, OpenAPISchema, ResponseObject } from './document.ts'
import { withRequestId } from './headers.ts'

/** The 200 of predict: one media type for each form of what it returns. Nothing known of it: anything. */
export function describeAnswer(returns: readonly ReturnSignature[], components: ComponentSchemas): ResponseObject {
  const known = returns.filter(({ kind }) => kind !== 'response')
  const content = known.map(form => describeForm(form, components)).reduce<Content>(mergeContent, {})
  const isKnown = known.length > 0 && known.length === returns.length
  return withRequestId({ description: describeKinds(returns), content: isKnown ? content : { ...content, '*/*': {} } })
}

function describeForm({ kind, schema = {} }: ReturnSignature, components: ComponentSchemas): Content {
  switch (kind) {
    case 'json':
      return asType(schema.contentMediaType ?? 'application/json', { schema: components.rewrite(schema) })
    case 'text':
      return asType(schema.contentMediaType ?? 'text/plain', { schema: { type: 'string' } })
    case 'bytes':
      return asType(schema.contentMediaType ?? 'application/octet-stream', {})
    case 'stream':
      return describeStream(components.rewrite(schema))
    case 'response':
      return { '*/*': {} }
  }
}

function asType(list: string, described: MediaTypeObject): Content {
  return Object.fromEntries(listMediaRanges(list).map(range => [range, described]))
}

/**
 * For OpenAPI 3.1 a sequence is a text; the schema of its items is given beside it. An event is an object whose data is
 * JSON.
 */
function describeStream(item: OpenAPISchema): Content {
  return { ...describeEvents(item), 'application/x-ndjson': { schema: { type: 'string' }, 'x-itemSchema': item } }
}

/** Server-sent events, each with an item as its data. */
export function describeEvents(item: OpenAPISchema): Content {
  const schema: OpenAPISchema = { type: 'string' }
  const data: OpenAPISchema = { type: 'string', contentMediaType: 'application/json', contentSchema: item }
  const event: OpenAPISchema = { type: 'object', properties: { data }, required: ['data'] }
  return { 'text/event-stream': { schema, 'x-itemSchema': event } }
}

/** Two forms with one media type: either schema. */
export function mergeContent(first: Content, second: Content): Content {
  const merged = { ...first }
  for (const [type, { schema }] of Object.entries(second)) {
    const other = merged[type]?.schema
    merged[type] =
      schema === undefined || other === undefined || isSame(schema, other)
        ? (merged[type] ?? { ...second[type] })
        : { schema: { anyOf: [other, schema] } }
  }
  return merged
}

function isSame(first: OpenAPISchema, second: OpenAPISchema): boolean {
  return JSON.stringify(first) === JSON.stringify(second)
}

function describeKinds(returns: readonly ReturnSignature[]): string {
  const isStream = returns.some(({ kind }) => kind === 'stream')
  return isStream ? 'The items that predict yields; the schema is that of one item.' : 'The result of predict.'
}
