import { isReadableStream } from '../../http/platform-objects.ts'
import type { PredictAnswer, PredictOutput, PredictValue } from '../../http/predict-io.ts'
import { refuseTakenBody } from '../../http/respond.ts'
import type { EncodedOutput, StreamMessage, WireOutput } from './protocol.ts'
import { decodeValue, encodeValue, LONG_TEXT, takeNext } from './wire-value.ts'

/**
 * Makes an answer ready to cross; a body that streams goes beside it.
 *
 * @throws {Error} For a `Response` that cannot be sent.
 */
export function encodeOutput(answer: PredictAnswer): EncodedOutput {
  if ('contentType' in answer) return encodeBody(answer)
  if (!('kind' in answer)) return { output: toWireResponse(answer) }
  if (answer.kind === 'items') return { output: { kind: 'items' } }
  const { wire, attached } = encodeValue(answer)
  return { output: { kind: 'value', wire }, attached }
}

function encodeBody({ contentType, body }: PredictOutput): EncodedOutput {
  if (isReadableStream(body)) return { output: { kind: 'stream', contentType } }
  if (typeof body === 'string' && body.length <= LONG_TEXT) return { output: { kind: 'text', contentType, text: body } }
  // Encoded here, so that the front sends bytes and need not look at a long text.
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return { output: { kind: 'bytes', contentType }, attached: [bytes] }
}

function toWireResponse(response: Response): WireOutput {
  // Read here, where what predict made wrong is still an error of its call.
  const { status, statusText, url, headers, body } = response
  try {
    refuseTakenBody(response)
  } catch (cause) {
    throw new Error('predict returned a Response that cannot be sent', { cause })
  }
  return { kind: 'response', status, statusText, url, headers: [...headers], hasBody: body !== null }
}

/** Whether a body comes after it. */
export function isStreamed(output: WireOutput): boolean {
  return output.kind === 'stream' || output.kind === 'items' || (output.kind === 'response' && output.hasBody)
}

/** The answer that has crossed in one piece. */
export function decodeWhole({ output, attached = [] }: EncodedOutput): PredictAnswer {
  switch (output.kind) {
    case 'text':
      return { contentType: output.contentType, body: output.text }
    case 'bytes':
      return { contentType: output.contentType, body: takeNext(attached.values()) }
    case 'value':
      // What was encoded was one.
      return decodeValue(output.wire, attached.values()) as PredictValue
    case 'response':
      return decodeResponse(output, null)
    default:
      throw new Error('A stream does not come in one piece; this is a bug in Incant')
  }
}

/** What a generator has returned, with the end of its items. */
export function decodeReturned({ returned, attached = [] }: StreamMessage & { type: 'end' }): unknown {
  return returned && decodeValue(returned, attached.values())
}

/** The `Response` of predict's own making. */
export function decodeResponse(
  output: WireOutput & { kind: 'response' },
  body: ReadableStream<Uint8Array> | null,
): Response {
  const { status, statusText, url } = output
  const headers = new Headers(output.headers.map(([name, value]): [string, string] => [name, value]))
  const response = new Response(body, { status, statusText, headers })
  // A fetched answer is known by its URL, which no constructor takes.
  return url === '' ? response : Object.defineProperty(response, 'url', { value: url })
}
