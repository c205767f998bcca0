import type { SourceLocation } from '../errors/location.ts'
import type { Definitions, JSONSchema, JSONValue } from '../schema/json-schema.ts'

/** The version of the {@link PredictSignature} data. A reader refuses any other. */
export const SIGNATURE_VERSION = 1

/**
 * What a parameter of `predict` receives, decided by its type.
 *
 * | role | predict gets |
 * |---|---|
 * | `payload` | the JSON body, parsed and validated |
 * | `text` | a JSON string where the content type is JSON, else the body decoded as UTF-8 |
 * | `bytes` | the body as `Uint8Array`, `ArrayBuffer` or `Buffer` |
 * | `blob` | the body as `Blob` or `File` |
 * | `stream` | the body as a `ReadableStream<Uint8Array>`, not yet read |
 * | `form` | the body as `FormData`, or, with a schema, an object of its fields, validated |
 * | `request` | the standard `Request`, its body unread |
 * | `context` | a `PredictContext` |
 * | `tasks` | a `BackgroundTasks` |
 */
export type Role = 'payload' | 'text' | 'bytes' | 'blob' | 'stream' | 'form' | 'request' | 'context' | 'tasks'

/** The roles that take the request's body in a form. At most one parameter may have one of them. */
export type BodyRole = 'payload' | 'text' | 'bytes' | 'blob' | 'stream' | 'form'

const BODY_ROLES: readonly BodyRole[] = ['payload', 'text', 'bytes', 'blob', 'stream', 'form']

/** Every role. */
export const ROLES: readonly Role[] = [...BODY_ROLES, 'request', 'context', 'tasks']

/** Whether a role takes the request's body. */
export function isBodyRole(role: Role): role is BodyRole {
  return BODY_ROLES.some(body => body === role)
}

/** The class a body is handed over as, where a role knows several. */
export type BodyClass = 'Uint8Array' | 'ArrayBuffer' | 'Buffer' | 'Blob' | 'File'

/** A request of the OpenAI API, by the type of `incant/openai`, or of the package `openai`, that declares it. */
export type RequestProtocol =
  | 'openai.chat'
  | 'openai.completion'
  | 'openai.embedding'
  | 'openai.transcription'
  | 'openai.moderation'
  | 'openai.rerank'
  | 'openai.image'

/** Every {@link RequestProtocol}. */
export const REQUEST_PROTOCOLS: readonly RequestProtocol[] = [
  'openai.chat',
  'openai.completion',
  'openai.embedding',
  'openai.transcription',
  'openai.moderation',
  'openai.rerank',
  'openai.image',
]

/** One parameter of `predict`, in the order of the source. */
export interface ParameterSignature {
  readonly name: string
  readonly role: Role
  /** Whether predict can do without: an absent body is then `undefined` and not a 400. Default `false`. */
  readonly optional?: boolean
  /**
   * Roles `payload` and `text`: what the value must be. Absent: anything JSON can carry, unvalidated. Role `form`: what its
   * fields must be, together. Absent: predict gets a `FormData`.
   */
  readonly schema?: JSONSchema
  /** Roles `bytes` and `blob`: the class. Default `Uint8Array` and `Blob`. */
  readonly bodyClass?: BodyClass
  /** The type as written, for messages and documents. */
  readonly type?: string
  /** The request that the type declares, which gives the predictor its routes. */
  readonly protocol?: RequestProtocol
}

/**
 * One form of the result of `predict`. A return type that is a union has several.
 *
 * - `json`: a JSON body. - `text`: `text/plain`. - `bytes`: `application/octet-stream` or the type of a blob.
 * - `stream`: an async iterable, sent as server-sent events or NDJSON; `schema` is an item's.
 * - `response`: a `Response` that predict creates.
 */
export interface ReturnSignature {
  readonly kind: 'json' | 'text' | 'bytes' | 'stream' | 'response'
  readonly schema?: JSONSchema
  /** `openai.embedding`: an `Embedding` of `incant/openai`. `openai`: an answer of the package `openai`, passed on as it is. */
  readonly protocol?: 'openai.embedding' | 'openai'
}

/**
 * What is known of calls: they change nothing (`readOnly`), a second one changes no more than the first (`idempotent`), they
 * may delete or overwrite (`destructive`), they reach into a world that is not closed (`openWorld`). JSDoc tags of the same
 * names.
 */
export type Hint = 'readOnly' | 'idempotent' | 'destructive' | 'openWorld'

/** Every {@link Hint}. */
export const HINTS: readonly Hint[] = ['readOnly', 'idempotent', 'destructive', 'openWorld']

/** A body that a caller may send. */
export interface ExampleSignature {
  /** Its caption. */
  readonly summary?: string
  readonly value: JSONValue
}

/**
 * What the runtime knows of a predictor's types: plain, serialisable data, read from the source once and enough to
 * serve without a compiler.
 */
export interface PredictSignature {
  readonly version: typeof SIGNATURE_VERSION
  /** The class, as it is named in the source. */
  readonly className: string
  /** The name it is exported under (`default` for a default export). Absent where it was not read from a module. */
  readonly exportName?: string
  /** JSDoc of the class and of `predict`. */
  readonly description?: string
  readonly deprecated?: boolean
  /** `@title` of predict or its class: what people read instead of its name. */
  readonly title?: string
  /** The hints about calls in the JSDoc of predict or its class. */
  readonly hints?: readonly Hint[]
  /** `@example` of `predict` and of the class: whole bodies, not checked against their type. */
  readonly examples?: readonly ExampleSignature[]
  readonly location?: SourceLocation
  /** Whether the class computes several payloads together, as a `BatchPredictor` does. */
  readonly batched?: boolean
  readonly parameters: readonly ParameterSignature[]
  /** Empty: nothing is known of it. */
  readonly returns: readonly ReturnSignature[]
  /** The constructor's first parameter, which `--config` is checked against. Absent: it takes none. */
  readonly config?: { readonly schema: JSONSchema; readonly optional?: boolean }
  readonly definitions: Definitions
}

/**
 * A {@link PredictSignature} as TypeScript sees it in an imported JSON file: the version is a number, and names are
 * strings. It is checked where it is used.
 */
export interface SignatureData {
  readonly version: number
  readonly className: string
  readonly parameters: readonly object[]
  readonly returns: readonly object[]
  readonly definitions: object
}
