import type { Answer } from '../../http/answer.ts'
import { NO_STORE, respond } from '../../http/respond.ts'
import type { FaceExchange } from '../exchange.ts'

/** A document as an answer. */
export function answerJSON(exchange: FaceExchange, document: unknown): Answer {
  return answerBody(exchange, { contentType: 'application/json', body: JSON.stringify(document) })
}

/** A body that is written already. */
export function answerBody(
  { id, principal }: FaceExchange,
  output: { readonly contentType: string; readonly body: string | Uint8Array },
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return respond(id, output, { ...headers, ...(principal === undefined ? {} : NO_STORE) })
}
