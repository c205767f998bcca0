import { isArray, isObject, toJSON, type Value } from '../schema/value.ts'
import type { Credentials } from '../sign-in/credentials.ts'
import { credentialHeaders, credentialMembers } from '../sign-in/credentials.ts'
import type { Body } from './body.ts'
import type { Input } from './form-state.ts'

/** A request as it is sent: JSON, text, bytes or a form. */
export interface Call {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Blob | FormData | undefined
}

interface CallParts {
  readonly url: string
  readonly body: Body
  readonly input: Input
  readonly credentials: Credentials
}

/** Makes a request from the values of a form. */
export function makeCall({ url, body, input, credentials }: CallParts): Call {
  const headers = credentialHeaders(credentials)
  switch (body.kind) {
    case 'none':
      return { url, headers, body: undefined }
    case 'json':
      return makeJSON({ url, headers, value: withCredentials(input.value, credentials) })
    case 'text':
      return { url, headers: { ...headers, 'Content-Type': input.type }, body: String(input.value ?? '') }
    case 'form':
      // The browser adds the type, with the boundary.
      return { url, headers, body: toFormData(input.value) }
    case 'bytes':
      return { url, headers: { ...headers, 'Content-Type': input.type }, body: input.file ?? new Blob([]) }
  }
}

function withCredentials(value: Value, credentials: Credentials): Value {
  const members = credentialMembers(credentials)
  return Object.keys(members).length > 0 ? { ...(isObject(value) ? value : {}), ...members } : value
}

interface JSONParts {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly value: Value
}

function makeJSON({ url, headers, value }: JSONParts): Call {
  // An optional payload that is left out.
  if (value === undefined) return { url, headers, body: undefined }
  return { url, headers: { ...headers, 'Content-Type': 'application/json' }, body: toJSON(value) }
}

/** Encodes a form: files as files, arrays as repeated fields, objects as JSON, other values as text. */
export function toFormData(value: Value): FormData {
  const form = new FormData()
  for (const [name, member] of listFields(value)) {
    if (member instanceof File) form.append(name, member, member.name)
    else form.append(name, member)
  }
  return form
}

/** The fields of a form in the order they are sent in. */
export function listFields(value: Value): readonly (readonly [name: string, value: string | File])[] {
  const members = isObject(value) ? Object.entries(value) : []
  return members.flatMap(([name, member]) => {
    const several = isArray(member) ? member : [member]
    return several.filter(each => each !== undefined).map(each => [name, toField(each)] as const)
  })
}

function toField(value: Value): string | File {
  if (value instanceof File || typeof value === 'string') return value
  return value === null ? '' : toJSON(value)
}

/** The size of a body in bytes, before it is sent. */
export async function sizeOf(call: Call): Promise<number> {
  const { body } = call
  if (body === undefined) return 0
  if (typeof body === 'string') return new TextEncoder().encode(body).length
  return body instanceof FormData ? (await new Response(body).blob()).size : body.size
}
