import { encodeBase64 } from '../../json/base64.ts'

/** A block of a result, as JSON. */
export type ContentBlock = string

/** A block of text. */
export function textBlock(text: string): ContentBlock {
  return JSON.stringify({ type: 'text', text })
}

/** Bytes as a block: a picture, a sound, or a resource of the answer. */
export function bytesBlock(bytes: Uint8Array, contentType: string, id: string): ContentBlock {
  const mimeType = knownType(contentType) ?? sniffType(bytes)
  const data = encodeBase64(bytes)
  const kind = /^(image|audio)\//.exec(mimeType)?.[1]
  if (kind !== undefined) return JSON.stringify({ type: kind, data, mimeType })
  return JSON.stringify({ type: 'resource', resource: { uri: `incant://result/${id}`, mimeType, blob: data } })
}

/** The media type that says what bytes are. */
function knownType(contentType: string): string | undefined {
  const [mediaType = ''] = contentType.split(';')
  const type = mediaType.trim().toLowerCase()
  return type === '' || type === ANY_BYTES ? undefined : type
}

const ANY_BYTES = 'application/octet-stream'

/** How media begin (https://mimesniff.spec.whatwg.org, section 6): `.` is any byte. */
const BEGINNINGS: readonly (readonly [pattern: string, mediaType: string])[] = [
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['RIFF....WEBPVP', 'image/webp'],
  ['RIFF....WAVE', 'audio/wav'],
  ['OggS\x00', 'audio/ogg'],
  ['ID3', 'audio/mpeg'],
  ['fLaC', 'audio/flac'],
]

function sniffType(bytes: Uint8Array): string {
  const known = BEGINNINGS.find(([pattern]) => beginsWith(bytes, pattern))
  return known === undefined ? ANY_BYTES : known[1]
}

function beginsWith(bytes: Uint8Array, pattern: string): boolean {
  return [...pattern].every((character, at) => character === '.' || bytes[at] === character.charCodeAt(0))
}

/** Bytes that a result may hold: they are sent as one text, a third longer. */
const MOST_BYTES = 32 * 1024 * 1024

/** All bytes of a body; undefined where there are too many for a result. */
export async function collectBytes(
  body: Uint8Array | ReadableStream<Uint8Array> | null,
): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array()
  if (body instanceof Uint8Array) return body.byteLength > MOST_BYTES ? undefined : body
  const chunks: Uint8Array[] = []
  let length = 0
  // Left before the end, the loop cancels the stream.
  for await (const chunk of readChunks(body)) {
    length += chunk.byteLength
    if (length > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

/** Not every runtime can iterate over a stream. */
async function* readChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  let isOver = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isOver = done
      if (done) return
      yield value
    }
  } finally {
    if (!isOver) reader.cancel().catch(() => {})
  }
}
