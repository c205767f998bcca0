import type { JSONSchema } from '../../schema/json-schema.ts'
import { bodyParameter } from '../../signature/resolve.ts'
import type { FaceFit, FaceSubject } from '../fit.ts'

/** Whether the payload of predict is JSON, so that it can be stored and is checked when it is submitted. */
export function describe({ signature }: FaceSubject): FaceFit {
  const body = bodyParameter(signature)
  const isRequest = signature.parameters.some(({ role }) => role === 'request')
  if (isRequest || (body !== undefined && body.role !== 'payload' && body.role !== 'text'))
    return {
      fits: false,
      reason: `predict takes ${isRequest ? 'a Request' : `a body of the kind ${body?.role}`}, and the input of a job is JSON`,
      instead: 'Have predict take a payload of JSON; bytes can be a member of it.',
    }
  const input: JSONSchema =
    body === undefined ? {} : body.role === 'text' ? { type: 'string', ...body.schema } : (body.schema ?? {})
  const path = '/predictions/{id}'
  const answer = { schema: JOB }
  return {
    fits: true,
    operations: [
      { method: 'POST', path: '/predictions', summary: 'Submit a job', body: { schema: submission(input) }, answer },
      { method: 'PUT', path, summary: 'Submit a job under an id', body: { schema: submission(input) }, answer },
      { method: 'GET', path: '/predictions', summary: 'List jobs', answer: { schema: LIST } },
      { method: 'GET', path, summary: 'Get a job, or wait for its end', answer },
      { method: 'POST', path: `${path}/cancel`, summary: 'Cancel a job', answer },
      {
        method: 'GET',
        path: `${path}/events`,
        summary: 'Follow a job',
        answer: { contentType: 'text/event-stream', schema: {} },
        events: {},
      },
    ],
  }
}

function submission(input: JSONSchema): JSONSchema {
  return {
    type: 'object',
    properties: {
      input,
      id: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
      webhook: { type: 'string', format: 'uri' },
      webhook_events_filter: { type: 'array', items: { enum: ['start', 'output', 'logs', 'completed'] } },
      metadata: {},
    },
  }
}

const JOB: JSONSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    status: { enum: ['starting', 'processing', 'succeeded', 'failed', 'canceled'] },
    output: {},
    error: { type: ['string', 'null'] },
  },
  required: ['id', 'status'],
}

const LIST: JSONSchema = {
  type: 'object',
  properties: { results: { type: 'array', items: JOB }, next: { type: ['string', 'null'] } },
  required: ['results', 'next'],
}
