import type { IncomingMessage } from 'node:http'
import { isWellFormedHost, namesSameAuthority } from './authority.ts'
import type { GateRefusal } from './gate-refusal.ts'

/** Limits on the head of a request. */
export interface HeadLimits {
  /** Bytes of all header lines together. */
  readonly maxHeaderSize: number
  readonly maxHeaderCount: number
  readonly maxUrlLength: number
}

/**
 * Looks at the head of a request before anything else does. Node's parser has accepted it, but it accepts more than is
 * safe to pass on: see each check. Undefined where all is well.
 */
export function inspectRequest(incoming: IncomingMessage, limits: HeadLimits): GateRefusal | undefined {
  const { httpVersion } = incoming
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return UNSUPPORTED_VERSION
  const target = incoming.url ?? ''
  if (target.length > limits.maxUrlLength) return TARGET_TOO_LONG
  const head = scanHeaders(incoming.rawHeaders, limits)
  if ('code' in head) return head
  if (head.transferEncoding !== undefined && httpVersion === '1.0') return CHUNKED_IN_HTTP_1_0
  if (head.transferEncoding !== undefined && head.transferEncoding.toLowerCase() !== 'chunked') return UNKNOWN_CODING
  if (head.expect !== undefined && head.expect.toLowerCase() !== '100-continue') return UNKNOWN_EXPECTATION
  return inspectHost(head.host, httpVersion) ?? inspectTarget(incoming, head.host)
}

const UNSUPPORTED_VERSION: GateRefusal = {
  code: 'version_not_supported',
  detail: 'This server speaks HTTP/1.1 and HTTP/1.0.',
}
/** 414; also the answer to the parser's own overflow. */
export const TARGET_TOO_LONG: GateRefusal = { code: 'uri_too_long', detail: 'The request target is too long.' }
/** 431, for bytes. */
export const HEADERS_TOO_LARGE: GateRefusal = {
  code: 'headers_too_large',
  detail: 'The header section has too many bytes.',
}
/** 431, for lines. */
export const TOO_MANY_HEADERS: GateRefusal = {
  code: 'headers_too_large',
  detail: 'The header section has too many lines.',
}
/** RFC 9112 §6.1: the framing of an HTTP/1.0 message with Transfer-Encoding counts as faulty. */
const CHUNKED_IN_HTTP_1_0: GateRefusal = { code: 'bad_request', detail: 'HTTP/1.0 has no Transfer-Encoding.' }
/** RFC 9112 §6.1: 501 for a coding that is not understood. Node hands on the coded bytes as if they were the body. */
const UNKNOWN_CODING: GateRefusal = {
  code: 'not_implemented',
  detail: 'The only transfer coding known here is chunked.',
}
const UNKNOWN_EXPECTATION: GateRefusal = {
  code: 'expectation_failed',
  detail: 'The only expectation known here is 100-continue.',
}
const REPEATED: Readonly<Record<SingleHeader, GateRefusal>> = {
  host: { code: 'bad_request', detail: 'There is more than one Host line.' },
  authorization: {
    code: 'malformed_credentials',
    detail: 'There is more than one Authorization line.',
    challenges: true,
  },
  expect: { code: 'expectation_failed', detail: 'There is more than one Expect line.' },
  transferEncoding: { code: 'not_implemented', detail: 'There is more than one Transfer-Encoding line.' },
}
const NO_HOST: GateRefusal = { code: 'bad_request', detail: 'There is no Host line (RFC 9112 section 3.2).' }
const BAD_HOST: GateRefusal = { code: 'bad_request', detail: 'The Host header is not a host and an optional port.' }
const BAD_TARGET: GateRefusal = { code: 'bad_request', detail: 'The request target is neither a path nor an http URL.' }
const OTHER_AUTHORITY: GateRefusal = {
  code: 'bad_request',
  detail: 'The request target names another host than the Host line.',
}

type SingleHeader = 'host' | 'authorization' | 'expect' | 'transferEncoding'
type Head = { [Name in SingleHeader]: string | undefined }

/** Reads the lines that count, once, and refuses repeated ones: parties that pick different ones can be played off. */
function scanHeaders(rawHeaders: readonly string[], limits: HeadLimits): Head | GateRefusal {
  if (rawHeaders.length > limits.maxHeaderCount * 2) return TOO_MANY_HEADERS
  const head: Head = { host: undefined, authorization: undefined, expect: undefined, transferEncoding: undefined }
  let bytes = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const value = rawHeaders[index + 1] ?? ''
    bytes += name.length + value.length + 4
    const single = singleHeader(name)
    if (single === undefined) continue
    if (head[single] !== undefined) return REPEATED[single]
    head[single] = value
  }
  return bytes > limits.maxHeaderSize ? HEADERS_TOO_LARGE : head
}

/** The length rules out most names without lowering their case: this runs for every line of every request. */
function singleHeader(name: string): SingleHeader | undefined {
  switch (name.length) {
    case 4:
      return name.toLowerCase() === 'host' ? 'host' : undefined
    case 6:
      return name.toLowerCase() === 'expect' ? 'expect' : undefined
    case 13:
      return name.toLowerCase() === 'authorization' ? 'authorization' : undefined
    case 17:
      return name.toLowerCase() === 'transfer-encoding' ? 'transferEncoding' : undefined
    default:
      return undefined
  }
}

/** RFC 9112 §3.2: HTTP/1.1 needs exactly one valid Host line. */
function inspectHost(host: string | undefined, httpVersion: string): GateRefusal | undefined {
  if (host === undefined) return httpVersion === '1.1' ? NO_HOST : undefined
  return isWellFormedHost(host) ? undefined : BAD_HOST
}

/** RFC 9112 §3.2.2: in absolute-form the target's authority wins over Host, so a difference is an attack or a mistake. */
function inspectTarget(
  { url: target = '', method }: IncomingMessage,
  host: string | undefined,
): GateRefusal | undefined {
  if (target.startsWith('/')) return hasBackslashInPath(target) ? BAD_TARGET : undefined
  // RFC 9112 §3.2.4: the server as a whole, for OPTIONS alone.
  if (target === '*') return method === 'OPTIONS' ? undefined : BAD_TARGET
  if (!/^https?:\/\//.test(target) || !URL.canParse(target) || hasBackslashInPath(target)) return BAD_TARGET
  return host === undefined || namesSameAuthority(target, host) ? undefined : OTHER_AUTHORITY
}

/** A URL parser reads a backslash as a slash, others do not: two readings of one path. */
function hasBackslashInPath(target: string): boolean {
  const backslash = target.indexOf('\\')
  if (backslash === -1) return false
  const query = target.indexOf('?')
  return query === -1 || backslash < query
}
