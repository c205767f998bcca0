import type { RequestErrorCode } from '../errors/codes.ts'
import type { OpenAPISchema, Operation } from './document.ts'
import { withRequestId } from './headers.ts'
import { describeProblems, FRAMING_ERRORS } from './problems.ts'

const NOT_READY: readonly RequestErrorCode[] = ['starting', 'unavailable', 'draining']

/** `GET /health`. */
export const HEALTH: Operation = describeProbe('health', "The predictor's own word on its health", {}, NOT_READY)

/** `GET /ready`. */
export const READY: Operation = describeProbe(
  'ready',
  'Whether a call would be taken now',
  statusOf('ready'),
  NOT_READY,
)

/** `GET /livez`. */
export const LIVEZ: Operation = describeProbe('livez', 'Whether the process answers', statusOf('alive'), [])

/** `GET /openapi.json`. */
export const OPENAPI: Operation = describeProbe('openapi', 'This document', { type: 'object' }, [])

function describeProbe(
  operationId: string,
  summary: string,
  schema: OpenAPISchema,
  errors: readonly RequestErrorCode[],
): Operation {
  const answer = withRequestId({ description: 'OK', content: { 'application/json': { schema } } })
  return {
    operationId,
    summary,
    tags: ['server'],
    responses: { '200': answer, ...describeProblems([...FRAMING_ERRORS, ...errors]) },
  }
}

function statusOf(status: string): OpenAPISchema {
  return { type: 'object', properties: { status: { const: status } }, required: ['status'] }
}
