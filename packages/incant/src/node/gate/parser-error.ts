import type { GateRefusal } from './gate-refusal.ts'
import { HEADERS_TOO_LARGE, TARGET_TOO_LONG } from './inspect-request.ts'

/** The members of the error of Node's `clientError` event. */
export interface ParserError extends Error {
  readonly code?: string
  readonly rawPacket?: Uint8Array
}

const TIMED_OUT: GateRefusal = { code: 'request_timeout', detail: 'The request did not arrive in time.' }
const CHUNK_EXTENSIONS: GateRefusal = { code: 'body_too_large', detail: 'The chunk extensions have too many bytes.' }
const UNKNOWN_VERSION: GateRefusal = {
  code: 'version_not_supported',
  detail: 'This server speaks HTTP/1.1 and HTTP/1.0.',
}
const UNKNOWN_METHOD: GateRefusal = { code: 'not_implemented', detail: 'The method is not known here.' }
const MALFORMED: GateRefusal = { code: 'bad_request', detail: 'The request is not well-formed HTTP/1.1.' }

/** The answer to a request that Node's parser, or its clock, has refused. Undefined where the caller is gone. */
export function refusalOf(error: ParserError, maxUrlLength: number): GateRefusal | undefined {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return TIMED_OUT
    case 'HPE_HEADER_OVERFLOW':
      return overflowsInTarget(error.rawPacket, maxUrlLength) ? TARGET_TOO_LONG : HEADERS_TOO_LARGE
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return CHUNK_EXTENSIONS
    case 'HPE_PAUSED_H2_UPGRADE':
      return UNKNOWN_VERSION
    case 'HPE_INVALID_VERSION':
      return speaksUnknownVersion(error.rawPacket) ? UNKNOWN_VERSION : MALFORMED
    case 'HPE_INVALID_METHOD':
      return hasRequestLine(error.rawPacket) ? UNKNOWN_METHOD : MALFORMED
    case 'HPE_INVALID_EOF_STATE':
      // The caller has left in the middle of its request.
      return undefined
    default:
      return error.code?.startsWith('HPE_') ? MALFORMED : undefined
  }
}

/**
 * A target far past its limit exceeds the parser's bound on the whole head. The last packet shows which it was, if it
 * is also the first one of the request.
 */
function overflowsInTarget(packet: Uint8Array | undefined, maxUrlLength: number): boolean {
  if (packet === undefined) return false
  const lineEnd = packet.indexOf(LINE_FEED)
  const firstLine = lineEnd === -1 ? packet.length : lineEnd
  return firstLine > maxUrlLength && /^[A-Z-]+ /.test(startOf(packet))
}

const LINE_FEED = 0x0a

function speaksUnknownVersion(packet: Uint8Array | undefined): boolean {
  return /^\S+ \S+ HTTP\/\d+\.\d+\r\n/.test(startOf(packet)) && !/^\S+ \S+ HTTP\/1\.[01]\r\n/.test(startOf(packet))
}

function hasRequestLine(packet: Uint8Array | undefined): boolean {
  return /^[!#$%&'*+\-.^_`|~\w]+ \S+ HTTP\/1\.[01]\r\n/.test(startOf(packet))
}

function startOf(packet: Uint8Array | undefined): string {
  return Buffer.from(packet?.subarray(0, 16 * 1024) ?? []).toString('latin1')
}
