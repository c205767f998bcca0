import { hashLongText, toHexadecimal } from '../auth/digest.ts'
import { Answer } from '../http/answer.ts'
import { acceptsGzip, compressText, isUnchanged, VARIES } from '../http/compress.ts'
import { NO_STORE, respond } from '../http/respond.ts'
import type { OpenAPIDocument } from '../openapi/document.ts'
import type { Exchange } from './exchange.ts'

/** A document as it is sent, its text compressed already. */
export interface WrittenDocument {
  readonly text: string
  readonly gzip: Uint8Array
  readonly etag: string
}

/** Writes a document, and compresses it. */
export async function writeDocument(document: OpenAPIDocument): Promise<WrittenDocument> {
  const text = JSON.stringify(document)
  const [gzip, etag] = await Promise.all([compressText(text), tagText(text)])
  return { text, gzip, etag }
}

/** A weak entity tag: the same for every content coding. */
async function tagText(text: string): Promise<string> {
  const digest = await hashLongText(text)
  return `W/"${toHexadecimal(digest.subarray(0, 12))}"`
}

/** Answers with a document: compressed where the caller accepts that, without it where the caller has it. */
export function answerDocument({ id, headers, principal }: Exchange, { text, gzip, etag }: WrittenDocument): Answer {
  const isSmall = acceptsGzip(headers.get('accept-encoding'))
  const lines = {
    ...(principal === undefined ? {} : NO_STORE),
    ...VARIES,
    ...(isSmall ? { 'Content-Encoding': 'gzip' } : {}),
    ETag: etag,
  }
  const answer = respond(id, { contentType: 'application/json', body: isSmall ? gzip : text }, lines)
  return isUnchanged(headers, etag) ? new Answer(304, answer.headers, null) : answer
}
