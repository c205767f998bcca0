import { connectionLost } from '../failures/connection-error.ts'
import { InvalidResponseError } from '../failures/errors.ts'
import type { CallClock } from '../request/call-clock.ts'
import { EventParser } from './event-parser.ts'
import { ItemStream } from './item-stream.ts'
import { LineParser } from './line-parser.ts'

const LINES = ['application/x-ndjson', 'application/ndjson', 'application/jsonl']

/**
 * Reads an answer by its content type: JSON, text, a stream of items, else bytes. A stream takes the clock over; otherwise
 * the call is over with it.
 *
 * @throws {ModelClientError} `connection_lost`, `timeout`, `invalid_response`.
 */
export async function readAnswer(response: Response, clock: CallClock): Promise<unknown> {
  const requestId = response.headers.get('x-request-id') ?? undefined
  const type = essenceOf(response.headers.get('content-type'))
  const parser = type === 'text/event-stream' ? new EventParser() : LINES.includes(type) ? new LineParser() : undefined
  if (parser !== undefined) return new ItemStream({ body: response.body, parser, clock, requestId })
  try {
    const answer = await clock.wait(readWhole(response, type, requestId))
    clock.release()
    return answer
  } catch (thrown) {
    clock.stop()
    throw thrown
  }
}

async function readWhole(response: Response, type: string, requestId: string | undefined): Promise<unknown> {
  if (response.status === 204 || response.status === 205) return undefined
  const isJSON = type === 'application/json' || type.endsWith('+json')
  const isText = isJSON || type.startsWith('text/')
  const content = await (isText ? response.text() : response.arrayBuffer()).catch(cause => {
    throw connectionLost(cause, requestId)
  })
  if (typeof content !== 'string') return new Uint8Array(content)
  return isJSON ? parseJSON(content, requestId) : content
}

function essenceOf(contentType: string | null): string {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function parseJSON(text: string, requestId: string | undefined): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The engine's own message contains a piece of the text.
    throw new InvalidResponseError('The answer says that it is JSON, and does not parse.', {
      code: 'invalid_response',
      requestId,
    })
  }
}
