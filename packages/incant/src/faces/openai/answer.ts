import type { Answer } from '../../http/answer.ts'
import { NO_STORE, respond } from '../../http/respond.ts'
import type { StreamFraming } from '../../http/stream-framing.ts'
import { answerEvents as streamEvents } from '../answer-events.ts'
import type { FaceExchange } from '../exchange.ts'
import { streamError } from './refusal.ts'

/** A document as an answer. */
export function answerJSON(exchange: FaceExchange, document: unknown): Answer {
  return answerText(exchange, 'application/json', JSON.stringify(document))
}

/** A body that is written already. */
export function answerText(exchange: FaceExchange, contentType: string, body: string): Answer {
  return respond(exchange.id, { contentType, body }, exchange.principal === undefined ? undefined : NO_STORE)
}

const encoder = new TextEncoder()

/**
 * Server-sent events as clients of the API read them: no event names, a failure as a document with `error`, and then a clean
 * end, which some of them would else take for a lost connection.
 */
const EVENTS: StreamFraming = {
  contentType: 'text/event-stream',
  item: text => encoder.encode(String(text)),
  failure: problem => encoder.encode(eventOf({ error: streamError(problem) })),
  failureEnds: true,
  keepAlive: encoder.encode(':\n\n'),
}

/** A document as an event. */
export function eventOf(document: unknown): string {
  return `data: ${JSON.stringify(document)}\n\n`
}

/** The last event of a stream that is whole. */
export const DONE = 'data: [DONE]\n\n'

/** Events of a call as an answer, which only its caller may keep. */
export function answerEvents(
  exchange: FaceExchange,
  events: AsyncGenerator<string, void, undefined>,
  framing: StreamFraming = EVENTS,
): Promise<Answer> {
  const cacheControl = exchange.principal === undefined ? 'no-cache' : 'no-cache, no-store'
  return streamEvents(exchange, events, { framing, cacheControl })
}

/** The framing of events that have names, and of a failure among them. */
export function namedEvents(failure: (error: object) => string): StreamFraming {
  return { ...EVENTS, failure: problem => encoder.encode(failure(streamError(problem))) }
}
