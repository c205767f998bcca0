import type { Content, Operation, Schema } from '../document/openapi.ts'
import { type Components, resolve } from '../schema/resolve.ts'

/** The kind of body that a model takes. */
export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly schema: Schema }
  /** Text; the first media type is the default. */
  | { readonly kind: 'text'; readonly schema: Schema; readonly types: readonly string[] }
  | { readonly kind: 'form'; readonly schema: Schema; readonly accepts: Readonly<Record<string, string>> }
  /** Bytes as they are. */
  | { readonly kind: 'bytes'; readonly types: readonly string[] }

/** Finds the kind of body of an operation from its media types. */
export function bodyOf({ requestBody }: Operation, components: Components): Body {
  if (requestBody === undefined) return { kind: 'none' }
  const { content } = requestBody
  const form = content['multipart/form-data'] ?? content['application/x-www-form-urlencoded']
  if (form !== undefined) return { kind: 'form', schema: form.schema ?? {}, accepts: acceptsOf(form) }
  const json = content['application/json']
  const others = Object.keys(content).filter(type => type !== 'application/json')
  if (json?.schema !== undefined) {
    const isText = others.length > 0 && resolve(json.schema, components).type === 'string'
    return isText ? { kind: 'text', schema: json.schema, types: others } : { kind: 'json', schema: json.schema }
  }
  return { kind: 'bytes', types: others }
}

function acceptsOf({ encoding = {} }: Content[string]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(encoding).map(([name, { contentType }]) => [name, contentType]))
}

/** The default media type of a body: the first that is not a range. */
export function proposeType(types: readonly string[], fallback: string): string {
  return types.find(type => !type.includes('*')) ?? fallback
}

/** The `accept` of a file input; empty if every type is accepted. */
export function acceptOf(types: readonly string[]): string {
  return types.includes('*/*') ? '' : types.join(',')
}

/** The examples of a whole body in the document. */
export function examplesOf({ requestBody }: Operation): readonly NamedExample[] {
  const [first] = Object.values(requestBody?.content ?? {})
  return Object.entries(first?.examples ?? {}).map(([, { summary, value }], index) => ({
    name: summary ?? `Example ${index + 1}`,
    value,
  }))
}

/** An example with its name. */
export interface NamedExample {
  readonly name: string
  readonly value: NonNullable<Content[string]['examples']>[string]['value']
}
