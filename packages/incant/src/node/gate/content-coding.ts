import { checkChunk } from '../../http/byte-chunk.ts'

/** Bytes of a body that are looked at. */
const ENOUGH = 1024

const GZIP = [0x1f, 0x8b]
const ZSTANDARD = [0x28, 0xb5, 0x2f, 0xfd]

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** The body to send, and the part of it that was read to decide. */
export interface CheckedCoding {
  /** Headers in a row, name and value in turn. */
  readonly lines: string[]
  readonly first?: Awaited<ReturnType<Reader['read']>> | undefined
}

/**
 * Leaves out the headers of a coding that the body does not have: those of `new Response(fetched.body, fetched)`, whose
 * body `fetch` has decoded. The first chunk shows which it is, so where a coding is claimed, and only there, the head
 * waits for it.
 *
 * @throws {TypeError} For a first chunk that is not bytes; the error of the body.
 */
export async function dropFalseCoding(lines: string[], reader: Reader | undefined): Promise<CheckedCoding> {
  const index = lines.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-encoding')
  if (index === -1 || reader === undefined) return { lines }
  const first = await reader.read()
  const isFalse = !first.done && (await isDecoded(lines[index + 1] ?? '', checkChunk(first.value)))
  return { lines: isFalse ? withoutCoding(lines) : lines, first }
}

function withoutCoding(lines: readonly string[]): string[] {
  const isOfCoding = (name = '') => /^content-(?:encoding|length)$/i.test(name)
  return lines.filter((_, index) => !isOfCoding(lines[index - (index % 2)]))
}

/** Whether a body that begins like this has not the coding that is claimed. One that is not known is believed. */
async function isDecoded(coding: string, start: Uint8Array): Promise<boolean> {
  // The last one was applied last (RFC 9110 §8.4).
  switch (coding.split(',').at(-1)?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return !beginsWith(start, GZIP)
    case 'zstd':
      return !beginsWith(start, ZSTANDARD)
    case 'br':
      return !(await isBrotli(start.subarray(0, ENOUGH)))
    case 'deflate':
      return !(await isDeflate(start.subarray(0, ENOUGH)))
    default:
      return false
  }
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => index >= bytes.byteLength || bytes[index] === byte)
}

async function isBrotli(bytes: Uint8Array): Promise<boolean> {
  const { brotliDecompressSync, constants } = await import('node:zlib')
  return succeeds(() => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }))
}

/** In the form of RFC 1950, or bare, as some servers send it. */
async function isDeflate(bytes: Uint8Array): Promise<boolean> {
  const { inflateSync, inflateRawSync, constants } = await import('node:zlib')
  const options = { finishFlush: constants.Z_SYNC_FLUSH }
  return succeeds(() => inflateSync(bytes, options)) || succeeds(() => inflateRawSync(bytes, options))
}

function succeeds(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}
