import type { Answer } from '../http/answer.ts'
import { outgoingStream } from '../http/outgoing-stream.ts'
import { respond } from '../http/respond.ts'
import type { StreamFraming } from '../http/stream-framing.ts'
import type { FaceExchange } from './exchange.ts'

/** Frames events, and how their answer may be cached. */
export interface EventStreamOptions {
  readonly framing: StreamFraming
  readonly cacheControl: string
}

/** Events as an answer. The first one is waited for: a failure before it is an answer with an error. */
export async function answerEvents(
  exchange: FaceExchange,
  events: AsyncGenerator<string, void, undefined>,
  { framing, cacheControl }: EventStreamOptions,
): Promise<Answer> {
  const { value } = await events.next()
  const body = outgoingStream({
    framing,
    iterator: events,
    first: value === undefined ? undefined : framing.item(value),
    describe: thrown => exchange.describeBreak(thrown),
    onCancel: listener => exchange.cancellation.onCancel(listener),
    onEnd: () => {},
  })
  // Proxies are asked to pass each event on as it comes.
  const headers = { 'Cache-Control': cacheControl, 'X-Accel-Buffering': 'no' }
  return respond(exchange.id, { contentType: framing.contentType, body }, headers)
}
