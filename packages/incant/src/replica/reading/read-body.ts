import type { RequestErrorCode } from '../../errors/codes.ts'
import type { ValidationIssue } from '../../errors/issue.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { DocumentReaderOptions, PackedContent } from '../../http/document-reader.ts'
import { isJSON, parseMediaType } from '../../http/media-type.ts'
import { readDocument, takeValid } from '../../http/read-document.ts'
import { compileValidator, type SchemaValidator } from '../../validation/validator.ts'
import { packValue } from '../wire/packed-value.ts'
import { refuseMany } from './refuse-many.ts'

/** One body to read. */
export interface ReadTask {
  readonly bytes: Uint8Array
  /** The header of the request. */
  readonly contentType: string
}

/** What became of it, as plain data. Without credentials: it was not read so far that there could be any. */
export interface ReadAnswer {
  readonly credentials?: Readonly<Record<string, unknown>>
  readonly packed?: PackedContent
  readonly refusal?: Refusal
}

/** A `RequestError` as plain data. */
export interface Refusal {
  readonly code: RequestErrorCode
  readonly detail: string | undefined
  readonly issues: readonly ValidationIssue[] | undefined
}

/** Makes the function that reads bodies, checks them and packs them. What it throws is a bug. */
export function bodyReader(options: DocumentReaderOptions): (task: ReadTask) => Promise<ReadAnswer> {
  const { schema, definitions } = options
  const validator = schema === undefined ? undefined : compileValidator(schema, definitions)
  const read = planReading(options, validator)
  return async task => {
    const found = await attempt(() => read(task))
    if (found.refusal !== undefined) return { refusal: found.refusal }
    const credentials = takeMembers(found.value, options.credentials)
    const { value, refusal } = await attempt(() => pack(validate(found.value, validator), options))
    return refusal === undefined ? { credentials, ...(value && { packed: value }) } : { credentials, refusal }
  }
}

function planReading(
  { role, schema, hasOwnSchema, limits }: DocumentReaderOptions,
  validator: SchemaValidator | undefined,
): (task: ReadTask) => unknown {
  // A form is left to the process that runs predict.
  const plan = {
    role: role === 'text' ? role : 'payload',
    hasSchema: schema !== undefined || hasOwnSchema,
    limits,
    numbers: validator?.numbers,
    isFlat: true,
  } as const
  return ({ bytes, contentType }) => readDocument(bytes, isJSON(parseMediaType(contentType)), plan)
}

function pack(value: unknown, { hasOwnSchema, maxValues }: DocumentReaderOptions): PackedContent {
  if (maxValues !== undefined) refuseMany(value, maxValues)
  return packValue(value, !hasOwnSchema)
}

function validate(value: unknown, validator: SchemaValidator | undefined): unknown {
  return validator === undefined ? value : takeValid(validator.validate(value))
}

/** Own members of a JSON object only. A value that is not a string is never a credential. */
function takeMembers(payload: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const taken: Record<string, unknown> = {}
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return taken
  for (const name of names) {
    if (!Object.hasOwn(payload, name)) continue
    const member: unknown = Reflect.get(payload, name)
    taken[name] = typeof member === 'string' ? member : null
    Reflect.deleteProperty(payload, name)
  }
  return taken
}

interface Attempt<Value> {
  readonly value?: Value
  readonly refusal?: Refusal
}

async function attempt<Value>(work: () => Value | Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await work() }
  } catch (thrown) {
    if (!(thrown instanceof RequestError)) throw thrown
    const { code, detail, issues } = thrown
    return { refusal: { code, detail, issues } }
  }
}
