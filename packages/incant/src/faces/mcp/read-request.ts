import type { HeaderReader } from '../../http/request-source.ts'
import { decodeBase64, isBase64 } from '../../json/base64.ts'
import { isObject } from '../../validation/json-types.ts'
import { headerMismatch, invalidRequest, MCPError } from './mcp-error.ts'
import { ERROR, isRequestId, LEGACY_VERSIONS, type MCPRequest, META, MODERN_VERSIONS } from './protocol.ts'

/**
 * Reads the message of a POST. Undefined: a notification, which gets no answer.
 *
 * @throws {MCPError} For what is no message, several at once, or a request whose headers do not match its body.
 */
export function readRequest(body: unknown, headers: HeaderReader): MCPRequest | undefined {
  if (Array.isArray(body)) throw invalidRequest('Send one message at a time: batches were removed from the protocol.')
  if (!isObject(body) || body['jsonrpc'] !== '2.0') throw invalidRequest('The body is no JSON-RPC 2.0 message.')
  const { id, method, params = {} } = body
  if (typeof method !== 'string') throw invalidRequest('The message has no method.')
  if (!isObject(params)) throw invalidRequest('The params of a message are an object.')
  if (id === undefined) return undefined
  if (!isRequestId(id)) throw invalidRequest('The id of a request is a string or an integer.')
  const isModern = checkVersion(params, headers)
  if (isModern) checkHeaders({ method, params }, headers)
  return { id, method, params, isModern }
}

/** Whether the request is of a revision that says its version in each request. */
function checkVersion(params: MCPRequest['params'], headers: HeaderReader): boolean {
  const header = headers.get('mcp-protocol-version')
  const meta = params['_meta']
  const version = isObject(meta) ? meta[META.version] : undefined
  if (version === undefined) {
    if (header === null || isOneOf(LEGACY_VERSIONS, header)) return false
    if (!isOneOf(MODERN_VERSIONS, header)) throw unsupportedVersion(header)
    throw missingMeta(META.version)
  }
  if (header === null) throw headerMismatch('The header MCP-Protocol-Version is missing.')
  if (header !== version) throw headerMismatch('The header MCP-Protocol-Version is not the version in _meta.')
  if (!isOneOf(MODERN_VERSIONS, header)) throw unsupportedVersion(header)
  if (isObject(meta) && !isObject(meta[META.capabilities])) throw missingMeta(META.capabilities)
  return true
}

/** The headers by which a proxy routes say the same as the body (Streamable HTTP, Server Validation). */
function checkHeaders({ method, params }: Pick<MCPRequest, 'method' | 'params'>, headers: HeaderReader): void {
  if (headers.get('mcp-method') !== method) throw headerMismatch('The header Mcp-Method is not the method of the body.')
  if (method !== 'tools/call') return
  const name = headers.get('mcp-name')
  if (name === null) throw headerMismatch('The header Mcp-Name is missing.')
  if (decodeHeader(name) !== params['name']) throw headerMismatch('The header Mcp-Name is not the name of the body.')
}

/** A value that a header cannot carry comes as `=?base64?…?=`. */
function decodeHeader(value: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1]
  if (encoded === undefined) return value
  return isBase64(encoded) ? new TextDecoder().decode(decodeBase64(encoded)) : undefined
}

function isOneOf(versions: readonly string[], version: string): boolean {
  return versions.includes(version)
}

function missingMeta(member: string): MCPError {
  return new MCPError({ code: ERROR.invalidParams, message: `params._meta has no ${member}.`, status: 400 })
}

function unsupportedVersion(requested: string): MCPError {
  return new MCPError({
    code: ERROR.unsupportedVersion,
    message: 'Unsupported protocol version',
    status: 400,
    // At most what a version could be: a caller's text is not sent back at any length.
    data: { supported: MODERN_VERSIONS, requested: requested.slice(0, 32) },
  })
}
