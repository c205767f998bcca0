import { HTTPException } from 'hono/http-exception'
import { STARTUP_ERRORS, type StartupErrorCode } from '../../errors/codes.ts'
import { describeThrown, toError } from '../../errors/describe-thrown.ts'
import { RequestError } from '../../errors/request-error.ts'
import { StartupError } from '../../errors/startup-error.ts'
import { asHTTPException, isTold, noteTold } from '../../http/failure.ts'
import { NotSerializableError } from '../../http/not-serializable.ts'
import type { WireError, WireResponse } from './protocol.ts'

/** Anything thrown, as data. It never throws itself. */
export async function encodeError(thrown: unknown): Promise<WireError> {
  const error = await encodeThrown(thrown)
  return isTold(thrown) ? { ...error, isTold: true } : error
}

async function encodeThrown(thrown: unknown): Promise<WireError> {
  const exception = asHTTPException(thrown)
  if (exception === undefined) return encodeOwnError(thrown)
  try {
    const response = exception.res === undefined ? undefined : await encodeResponse(exception.res)
    return { kind: 'http', status: exception.status, message: exception.message, response }
  } catch (cause) {
    return { kind: 'other', description: describeThrown(cause) }
  }
}

function encodeOwnError(thrown: unknown): WireError {
  if (RequestError.is(thrown)) {
    const { code, detail, headers, issues } = thrown
    return { kind: 'request', code, detail, headers, issues }
  }
  if (thrown instanceof NotSerializableError)
    return { kind: 'unserializable', path: thrown.path, message: thrown.message }
  const description = describeThrown(thrown)
  if (!StartupError.is(thrown)) return { kind: 'other', description }
  return {
    kind: 'startup',
    code: thrown.code,
    found: thrown.found,
    instead: thrown.instead,
    description: describeThrown(thrown.cause ?? thrown),
  }
}

async function encodeResponse(response: Response): Promise<WireResponse> {
  const { status, statusText, headers } = response
  const body = response.body === null ? null : Buffer.from(await response.arrayBuffer()).toString('base64')
  return { status, statusText, headers: [...headers], body }
}

/** An error with the same answer and the same log line as the one that was thrown. */
export function decodeError(error: WireError): Error {
  const decoded = decodeThrown(error)
  if (error.isTold === true) noteTold(decoded)
  return decoded
}

function decodeThrown(error: WireError): Error {
  switch (error.kind) {
    case 'request':
      return new RequestError(error.code, {
        headers: error.headers,
        ...(error.detail === undefined ? {} : { detail: error.detail }),
        ...(error.issues === undefined ? {} : { issues: error.issues }),
      })
    case 'http':
      return decodeException(error)
    case 'unserializable':
      return new NotSerializableError(error.path, error.message)
    case 'startup':
      return decodeStartupError(error)
    case 'other':
      return toError(error.description)
  }
}

function decodeException(error: WireError & { kind: 'http' }): HTTPException {
  // Hono lists the statuses it knows; any integer that came through asHTTPException is one HTTP can carry.
  const status = error.status as ConstructorParameters<typeof HTTPException>[0]
  const { response } = error
  if (response === undefined) return new HTTPException(status, { message: error.message })
  const headers = new Headers(response.headers.map(([name, value]): [string, string] => [name, value]))
  const res = new Response(response.body === null ? null : Buffer.from(response.body, 'base64'), {
    status: response.status,
    statusText: response.statusText,
    headers,
  })
  return new HTTPException(status, { message: error.message, res })
}

function decodeStartupError(error: WireError & { kind: 'startup' }): StartupError {
  return new StartupError({
    code: isStartupCode(error.code) ? error.code : 'setup_failed',
    found: error.found,
    ...(error.instead === undefined ? {} : { instead: error.instead }),
    cause: toError(error.description),
  })
}

function isStartupCode(code: string): code is StartupErrorCode {
  return Object.hasOwn(STARTUP_ERRORS, code)
}
