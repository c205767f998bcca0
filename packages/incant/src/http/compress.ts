import { Answer } from './answer.ts'
import type { HeaderReader } from './request-source.ts'

/** A cache keeps both forms of an answer apart. */
export const VARIES: { readonly Vary: 'Accept-Encoding' } = { Vary: 'Accept-Encoding' }

/** Below a packet or two, compression saves nothing. */
const WORTHWHILE = 1400

/**
 * Whether a caller takes gzip (RFC 9110 §12.5.3): named, or any coding, with a weight above zero. What names gzip wins
 * over the asterisk.
 */
export function acceptsGzip(accepted: string | null): boolean {
  const weights = new Map((accepted ?? '').split(',').map(readCoding))
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0
}

function readCoding(text: string): readonly [coding: string, weight: number] {
  const [coding = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase())
  const weight = parameters.find(parameter => parameter.startsWith('q='))?.slice(2)
  return [coding, weight === undefined ? 1 : Number(weight) || 0]
}

/** The gzip form of a text, with what every runtime has. */
export async function compressText(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/**
 * The answer, compressed where the caller takes that. For texts of the server alone: where a secret stood beside text
 * that an attacker chooses, the size would give it away (RFC 9110 §17.6).
 */
export async function compressAnswer({ status, headers, body }: Answer, accepted: string | null): Promise<Answer> {
  const varying = { ...headers, ...VARIES }
  const isCompressed = typeof body === 'string' && body.length >= WORTHWHILE && acceptsGzip(accepted)
  if (!isCompressed) return new Answer(status, varying, body)
  return new Answer(status, { ...varying, 'Content-Encoding': 'gzip' }, await compressText(body))
}

/** Whether a caller has this already (RFC 9110 §13.1.2, by weak comparison). */
export function isUnchanged(headers: HeaderReader, etag: string): boolean {
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '')
  const known = headers.get('if-none-match')?.split(',').map(opaque) ?? []
  return known.includes('*') || known.includes(opaque(etag))
}
