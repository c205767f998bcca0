import type { JSONSchema, JSONValue } from 'incant'

/** A schema of the document, whose references lead to its components. */
export type Schema = JSONSchema & {
  /** The member holds a credential, which the page asks for beside the payload. */
  readonly 'x-incant-credential'?: boolean
  /** The items of a text that is a sequence. */
  readonly contentSchema?: Schema
}

/** What is sent as one media type. Without a schema it is bytes. */
export interface MediaType {
  readonly schema?: Schema
  readonly examples?: Readonly<Record<string, { readonly summary?: string; readonly value: JSONValue }>>
  readonly 'x-itemSchema'?: Schema
  readonly encoding?: Readonly<Record<string, { readonly contentType: string }>>
}

/** By media type, or a range of them. */
export type Content = Readonly<Record<string, MediaType>>

/** How a caller proves who it is. */
export interface SecurityScheme {
  readonly type: 'http' | 'apiKey' | 'mutualTLS'
  readonly scheme?: string
  readonly name?: string
  readonly description?: string
}

/** One operation, as far as the page reads it. */
export interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly deprecated?: boolean
  /** The models that answer an operation of another protocol, by their names in its requests. */
  readonly 'x-incant-models'?: readonly string[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: Content
    readonly 'x-incant-max-body-size'?: number
  }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
}

/** The document at `/openapi.json`, as far as the page reads it. */
export interface OpenAPI {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths: Readonly<Record<string, { readonly get?: Operation; readonly post?: Operation } | undefined>>
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>
    readonly securitySchemes?: Readonly<Record<string, SecurityScheme>>
  }
}
