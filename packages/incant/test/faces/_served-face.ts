import { expect } from 'vitest'
import type { ServeInternals } from '../../src/node/serve-options.ts'
import type { PredictorClass } from '../../src/predictor/base-predictor.ts'
import type { PredictSignature } from '../../src/signature/signature.ts'
import { type LoggedLine, served } from '../node/_served.ts'
import { TEST_FACE } from './_test-face.ts'

/** A predictor whose types name the protocol of the face. */
export const NAMING: PredictSignature = {
  version: 1,
  className: 'Predictor',
  location: { file: '/models/echo.ts' },
  parameters: [
    {
      name: 'payload',
      role: 'payload',
      protocol: 'openai.chat',
      schema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    },
  ],
  returns: [],
  definitions: {},
}

/** A server that speaks the protocol. */
export interface ServedFace {
  readonly url: string
  readonly lines: readonly LoggedLine[]
  /** Asks a path of the face. */
  ask(path: string, body?: unknown, init?: RequestInit): Promise<Response>
  /** The fields of the lines of requests, once there are so many. */
  requests(count: number): Promise<readonly LoggedLine['fields'][]>
}

/** Serves a predictor on the protocol of the test. */
export async function serveFace(predictor: PredictorClass, options: ServeInternals = {}): Promise<ServedFace> {
  const { server, lines } = await served(predictor, { signature: NAMING, faces: [TEST_FACE], ...options })
  const requests = () => lines.filter(({ message }) => message === 'request').map(({ fields }) => fields)
  return {
    url: server.url,
    lines,
    ask: (path, body, init = {}) =>
      fetch(
        `${server.url}${path}`,
        body === undefined ? init : { method: 'POST', body: JSON.stringify(body), ...init },
      ),
    async requests(count) {
      await expect.poll(() => requests().length).toBe(count)
      return requests()
    },
  }
}

/** The status and the document of an answer in the face's form; what every such answer has is checked. */
export async function refusalOf(response: Response): Promise<{ status: number; code: unknown; read: unknown }> {
  // Every refusal of the face has these members.
  const { error, requestId, status } = (await response.json()) as {
    error: { code: unknown; read: unknown }
    requestId: string
    status: number
  }
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('x-face')).toBe('test')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('x-request-id')).toBe(requestId)
  expect(status).toBe(response.status)
  return { status, code: error.code, read: error.read }
}
