import type { HeaderLines } from '../../errors/request-error.ts'
import { asRequestError } from '../../http/failure.ts'
import type { Problem } from '../../http/problem.ts'
import { isObject } from '../../validation/json-types.ts'
import type { FaceFailure, FaceRefusal } from '../face.ts'
import { MCPError, type MCPErrorOptions } from './mcp-error.ts'
import { ERROR, isRequestId } from './protocol.ts'

/** Codes of problems that JSON-RPC has a word for. */
const CODES: Readonly<Record<string, number>> = {
  invalid_json: ERROR.parse,
  invalid_utf8: ERROR.parse,
  empty_body: ERROR.parse,
  internal: ERROR.internal,
}

/**
 * A failure as an error of JSON-RPC. The members of the problem document are its data: clients take a message with other
 * members beside its own for none at all.
 */
export function refuse(failure: FaceFailure, metadata: string): FaceRefusal {
  const { thrown, problem, body } = failure
  const { status = 200, ...error } = thrown instanceof MCPError ? thrown.reason : toError(problem)
  const id = isObject(body) && isRequestId(body['id']) ? body['id'] : undefined
  return {
    status,
    headers: challenge(failure, metadata),
    document: { jsonrpc: '2.0', ...(id === undefined ? {} : { id }), error },
  }
}

/** A client that can ask an authorization server for a token learns which one: RFC 9728 §5.1. */
function challenge({ thrown, issuers, url }: FaceFailure, metadata: string): HeaderLines {
  const lines = asRequestError(thrown)?.headers['WWW-Authenticate']
  if (issuers.length === 0 || lines === undefined) return {}
  const told = [lines]
    .flat()
    .map(line => (/^Bearer\b/.test(line) ? `${line}, resource_metadata="${url(metadata)}"` : line))
  return { 'WWW-Authenticate': told }
}

function toError(problem: Problem): MCPErrorOptions {
  const { code, status, detail, title } = problem
  return { code: CODES[code] ?? codeOf(status), message: detail ?? title, status, data: problem }
}

function codeOf(status: number): number {
  return status >= 500 || status === 429 ? ERROR.unavailable : ERROR.invalidRequest
}
