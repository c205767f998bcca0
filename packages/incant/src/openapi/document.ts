import type { JSONSchema, JSONValue } from '../schema/json-schema.ts'

/** An OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1), as far as a predictor needs one. */
export interface OpenAPIDocument {
  readonly openapi: '3.1.1'
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: { readonly [path: string]: PathItem }
  readonly components: Components
}

/** The components that other parts of the document refer to. */
export interface Components {
  readonly schemas: { readonly [name: string]: OpenAPISchema }
  readonly headers: { readonly [name: string]: Header }
  readonly securitySchemes?: { readonly [name: string]: SecurityScheme }
}

export interface PathItem {
  readonly get?: Operation
  readonly post?: Operation
  readonly delete?: Operation
}

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly deprecated?: boolean
  readonly tags: readonly string[]
  /** The models that answer an operation which several may share, by their names in its requests. */
  readonly 'x-incant-models'?: readonly string[]
  readonly parameters?: readonly PathParameter[]
  readonly requestBody?: RequestBody
  readonly responses: Responses
  readonly security?: readonly SecurityRequirement[]
}

/** A segment of the path that a caller fills in. */
export interface PathParameter {
  readonly name: string
  readonly in: 'path'
  readonly required: true
  readonly schema: OpenAPISchema
}

export interface RequestBody {
  readonly description?: string
  readonly required: boolean
  /** The largest body that is taken, in bytes. */
  readonly 'x-incant-max-body-size'?: number
  readonly content: Content
}

/** By status, or `default`. */
export type Responses = { readonly [status: string]: ResponseObject }

export interface ResponseObject {
  readonly description: string
  readonly headers?: { readonly [name: string]: Reference }
  readonly content?: Content
}

/** By media type, or a range of them. */
export type Content = { readonly [mediaType: string]: MediaTypeObject }

/** Example values, by a name. */
export interface Examples {
  readonly [name: string]: { readonly summary?: string; readonly value: JSONValue }
}

/** The content of one media type. Without a schema it is bytes. */
export interface MediaTypeObject {
  readonly schema?: OpenAPISchema
  readonly examples?: Examples
  /** The schema of one item of a sequence, like `itemSchema` of OpenAPI 3.2, which 3.1 does not have. */
  readonly 'x-itemSchema'?: OpenAPISchema
  /** The media types of files, by the name of their field. */
  readonly encoding?: { readonly [field: string]: { readonly contentType: string } }
}

export interface Reference {
  readonly $ref: string
}

export interface Header {
  readonly description: string
  readonly schema: JSONSchema
}

/** A JSON Schema whose references point into the components. */
export type OpenAPISchema = Omit<JSONSchema, 'discriminator'> & {
  /** The schema of the JSON in a string. */
  readonly contentSchema?: OpenAPISchema
  readonly discriminator?: { readonly propertyName: string; readonly mapping: { readonly [value: string]: string } }
}

/** A way for a caller to authenticate (OpenAPI 3.1.1 §4.8.27). */
export type SecurityScheme =
  | { readonly type: 'http'; readonly scheme: string; readonly bearerFormat?: string; readonly description?: string }
  | { readonly type: 'apiKey'; readonly in: 'header'; readonly name: string; readonly description?: string }
  | { readonly type: 'mutualTLS'; readonly description?: string }

/** Schemes that are required together, each with its scopes; in a list, one requirement is enough. */
export type SecurityRequirement = { readonly [scheme: string]: readonly string[] }
