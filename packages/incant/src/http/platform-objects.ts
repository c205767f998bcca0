// Node loads the classes of the platform when they are first named: `Response` with all of fetch, which takes 20 ms and 5 MB for as
// long as the process lives. An object says by itself of which class it is, also where a runtime has replaced that class since.

import { tagOf } from '../json/wire-form.ts'

/** Whether a value is a `Response`. */
export function isResponse(value: unknown): value is Response {
  return tagOf(value) === 'Response'
}

/** Whether a value is a `Blob`, such as a `File`. */
export function isBlob(value: unknown): value is Blob {
  const tag = tagOf(value)
  return tag === 'Blob' || tag === 'File'
}

/** Whether a value is a `ReadableStream`. */
export function isReadableStream(value: unknown): value is ReadableStream {
  return tagOf(value) === 'ReadableStream'
}
