import type { JSONSchema, JSONValue } from 'incant'

/** A schema of the document; its references point to the components. */
export type Schema = JSONSchema & {
  /** The member is a credential, which the page asks for outside the payload. */
  readonly 'x-incant-credential'?: boolean
  /** The items of a text that is a sequence. */
  readonly contentSchema?: Schema
}

/** The content of one media type. Without a schema it is bytes. */
export interface MediaType {
  readonly schema?: Schema
  readonly examples?: Readonly<Record<string, { readonly summary?: string; readonly value: JSONValue }>>
  readonly 'x-itemSchema'?: Schema
  readonly encoding?: Readonly<Record<string, { readonly contentType: string }>>
}

/** By media type or media range. */
export type Content = Readonly<Record<string, MediaType>>

/** A way to authenticate. */
export interface SecurityScheme {
  readonly type: 'http' | 'apiKey' | 'mutualTLS'
  readonly scheme?: string
  readonly name?: string
  readonly description?: string
}

/** The parts of an operation that the page reads. */
export interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly deprecated?: boolean
  /** The models of an operation of another protocol, by their names in its requests. */
  readonly 'x-incant-models'?: readonly string[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: Content
    readonly 'x-incant-max-body-size'?: number
  }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
}

/** The parts of `/openapi.json` that the page reads. */
export interface OpenAPI {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths: Readonly<Record<string, { readonly get?: Operation; readonly post?: Operation } | undefined>>
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>
    readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>
  }
}
