import type { RequestErrorCode } from '../errors/codes.ts'
import type { OpenAPISchema, Operation } from './document.ts'
import { withRequestId } from './headers.ts'
import { describeProblems, FRAMING_ERRORS } from './problems.ts'

const NOT_READY: readonly RequestErrorCode[] = ['starting', 'unavailable', 'draining']

/** `GET /health`. */
export const HEALTH: Operation = describeProbe('health', {
  summary: "The predictor's own word on its health",
  errors: NOT_READY,
})

/** `GET /ready`. */
export const READY: Operation = describeProbe('ready', {
  summary: 'Whether a call would be taken now',
  schema: statusOf('ready'),
  errors: NOT_READY,
})

/** `GET /livez`. */
export const LIVEZ: Operation = describeProbe('livez', {
  summary: 'Whether the process answers',
  schema: statusOf('alive'),
})

/** `GET /openapi.json`. */
export const OPENAPI: Operation = describeProbe('openapi', { summary: 'This document', schema: { type: 'object' } })

interface Probe {
  readonly summary: string
  /** Of the JSON it answers. Default: anything. */
  readonly schema?: OpenAPISchema
  /** Beside those of any request. */
  readonly errors?: readonly RequestErrorCode[]
}

function describeProbe(operationId: string, { summary, schema = {}, errors = [] }: Probe): Operation {
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
