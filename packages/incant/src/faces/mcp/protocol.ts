/** Revisions in which each request says its version itself. */
export const MODERN_VERSIONS = ['2026-07-28'] as const

/** Revisions that begin with `initialize`, the newest first. */
export const LEGACY_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const

/** Members of `_meta` that every request of a modern revision has. */
export const META = {
  version: 'io.modelcontextprotocol/protocolVersion',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
} as const

/** Error codes of JSON-RPC 2.0 §5.1 and of the Model Context Protocol. */
export const ERROR = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  headerMismatch: -32020,
  unsupportedVersion: -32022,
  /** The server refuses for now: its own word, outside of what the two reserve. */
  unavailable: -31000,
} as const

/** The id of a request. */
export type RequestId = string | number

/** A request, checked. */
export interface MCPRequest {
  readonly id: RequestId
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  /** Its revision says each request for itself. */
  readonly isModern: boolean
}

/** Whether a value can be the id of a request: a string or an integer, never null. */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || Number.isInteger(value)
}
