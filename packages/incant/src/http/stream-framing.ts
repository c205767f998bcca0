import { checkChunk } from './byte-chunk.ts'
import type { StreamFormat } from './predict-io.ts'
import type { Problem } from './problem.ts'
import { toJSON } from './to-json.ts'

/** How the items of a stream are put on the wire. */
export interface StreamFraming {
  readonly contentType: string
  /** One item as bytes. @throws When the item cannot be carried. */
  item(value: unknown): Uint8Array
  /**
   * The same item as text. Absent where items are bytes.
   *
   * @throws When the item cannot be carried.
   */
  text?(value: unknown): string
  /** The text that announces an early end of the stream. Absent: only the incomplete close shows it. */
  failure?(problem: Problem): Uint8Array
  /** Whether the stream is closed normally after that text. Then only the text shows that it failed. */
  readonly failureEnds?: boolean
  /** The text that shows that the stream is still alive. */
  readonly keepAlive?: Uint8Array
}

const encoder = new TextEncoder()

const FRAMINGS: Readonly<Record<StreamFormat, StreamFraming>> = {
  // https://html.spec.whatwg.org/multipage/server-sent-events.html. JSON has no raw line ends: one data line will do.
  'event-stream': {
    contentType: 'text/event-stream',
    ...textual(value => frameItem(toJSON(value), 'event-stream')),
    failure: problem => encoder.encode(`event: error\ndata: ${JSON.stringify(problem)}\n\n`),
    keepAlive: encoder.encode(':\n\n'),
  },
  ndjson: {
    contentType: 'application/x-ndjson',
    ...textual(value => frameItem(toJSON(value), 'ndjson')),
    failure: problem => encoder.encode(`${JSON.stringify({ error: problem })}\n`),
  },
}

function textual(text: (value: unknown) => string): Pick<Required<StreamFraming>, 'item' | 'text'> {
  return { text, item: value => encoder.encode(text(value)) }
}

/** An item that is JSON text already. */
export function frameItem(json: string, format: StreamFormat): string {
  return format === 'ndjson' ? `${json}\n` : `data: ${json}\n\n`
}

/** The framing of JSON items. */
export function itemFraming(format: StreamFormat): StreamFraming {
  return FRAMINGS[format]
}

/** Chunks of bytes as they are. */
export const byteFraming: StreamFraming = {
  contentType: 'application/octet-stream',
  item: checkChunk,
}

/** Which of the two formats a caller wants: NDJSON where `Accept` names it, else server-sent events. */
export function negotiateStream(accept: string | null): StreamFormat {
  return accept !== null && /\bapplication\/(?:x-ndjson|ndjson|jsonl)\b/i.test(accept) ? 'ndjson' : 'event-stream'
}
