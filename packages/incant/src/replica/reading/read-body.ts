import type { RequestErrorCode } from '../../errors/codes.ts'
import type { ValidationIssue } from '../../errors/issue.ts'
import { RequestError } from '../../errors/request-error.ts'
import type { DocumentReaderOptions, PackedContent } from '../../http/document-reader.ts'
import { readDocument, takeValid } from '../../http/read-document.ts'
import { compileValidator, type SchemaValidator } from '../../validation/validator.ts'
import { packValue } from '../wire/packed-value.ts'

/** One body to read. */
export interface ReadTask {
  readonly bytes: Uint8Array
  readonly isJSON: boolean
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
export function bodyReader(options: DocumentReaderOptions): (task: ReadTask) => ReadAnswer {
  const { schema, definitions } = options
  const validator = schema === undefined ? undefined : compileValidator(schema, definitions)
  return task => {
    const read = attempt(() => readDocument(task.bytes, task.isJSON, options))
    if (read.refusal !== undefined) return { refusal: read.refusal }
    const credentials = takeMembers(read.value, options.credentials)
    const { value, refusal } = attempt(() => packValue(validate(read.value, validator)))
    return refusal === undefined ? { credentials, ...(value && { packed: value }) } : { credentials, refusal }
  }
}

function validate(value: unknown, validator: SchemaValidator | undefined): unknown {
  return validator === undefined ? value : takeValid(validator.validate(value))
}

/** Own members of a JSON object, and of nothing else. What is no string is no credential, whatever it is. */
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

function attempt<Value>(work: () => Value): Attempt<Value> {
  try {
    return { value: work() }
  } catch (thrown) {
    if (!(thrown instanceof RequestError)) throw thrown
    const { code, detail, issues } = thrown
    return { refusal: { code, detail, issues } }
  }
}
