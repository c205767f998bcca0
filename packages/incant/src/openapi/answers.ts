import type { ReturnSignature } from '../signature/signature.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import type { Content, ResponseObject } from './document.ts'
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
      return { 'application/json': { schema: components.rewrite(schema) } }
    case 'text':
      return { 'text/plain': { schema: { type: 'string' } } }
    case 'bytes':
      return { 'application/octet-stream': {} }
    case 'stream':
      return describeStream(components.rewrite(schema))
    case 'response':
      return { '*/*': {} }
  }
}

/** OpenAPI 3.1 has no word for a sequence (`itemSchema` comes with 3.2), so that the schema is an item's. */
function describeStream(schema: ReturnType<ComponentSchemas['rewrite']>): Content {
  return { 'text/event-stream': { schema }, 'application/x-ndjson': { schema } }
}

/** Two forms with one media type: either schema. */
function mergeContent(first: Content, second: Content): Content {
  const merged = { ...first }
  for (const [type, { schema }] of Object.entries(second)) {
    const other = merged[type]?.schema
    merged[type] =
      schema === undefined || other === undefined
        ? (merged[type] ?? { ...second[type] })
        : { schema: { anyOf: [other, schema] } }
  }
  return merged
}

function describeKinds(returns: readonly ReturnSignature[]): string {
  const isStream = returns.some(({ kind }) => kind === 'stream')
  return isStream
    ? 'What predict gives back, item by item; the schema is that of one item.'
    : 'What predict gives back.'
}
