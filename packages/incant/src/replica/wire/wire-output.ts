import type { PredictAnswer, PredictOutput, PredictValue } from '../../http/predict-io.ts'
import { refuseTakenBody } from '../../http/respond.ts'
import type { WireOutput } from './protocol.ts'
import { decodeValue, encodeValue, LONG_TEXT } from './wire-value.ts'

/**
 * Makes an answer ready to cross; a body that streams goes beside it.
 *
 * @throws {Error} For a `Response` that cannot be sent.
 */
export function encodeOutput(output: PredictAnswer): WireOutput {
  if ('contentType' in output) return toWireOutput(output)
  if (!('kind' in output)) return toWireResponse(output)
  return output.kind === 'items' ? { kind: 'items' } : { kind: 'value', encoded: encodeValue(output) }
}

function toWireOutput({ contentType, body }: PredictOutput): WireOutput {
  if (body instanceof ReadableStream) return { kind: 'output', contentType }
  // Encoded here, so that the front sends bytes and need not look at a long text.
  const sent = typeof body === 'string' && body.length > LONG_TEXT ? Buffer.from(body) : body
  return { kind: 'output', contentType, body: sent }
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
  if (output.kind === 'response') return output.hasBody
  return output.kind === 'items' || (output.kind === 'output' && output.body === undefined)
}

/** The answer that has crossed in one piece. */
export function decodeWhole(output: WireOutput): PredictAnswer {
  if (output.kind === 'response') return decodeResponse(output, null)
  if (output.kind === 'items')
    throw new Error('The items of a stream do not come in one piece; this is a bug in Incant')
  // What was encoded was one of these.
  if (output.kind === 'value') return decodeValue(output.encoded) as PredictValue
  return { contentType: output.contentType, body: output.body ?? '' }
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
