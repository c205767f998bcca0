import { expect } from 'vitest'
import type { AppInternals, AppOptions } from '../../src/app/app-options.ts'
import { createApp } from '../../src/app/create-app.ts'
import type { PredictorApp } from '../../src/app/predictor-app.ts'
import type { Problem } from '../../src/http/problem.ts'
import type { LogFields, Logger, LogLevel } from '../../src/log/logger.ts'
import type { PredictorClass } from '../../src/predictor/base-predictor.ts'
import type { ParameterSignature, PredictSignature } from '../../src/signature/signature.ts'

/** One line of a recorded log. */
export interface LogLine extends LogFields {
  readonly level: LogLevel
  readonly message: string
}

/** A logger that keeps what it is told. */
export function recordLog(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = []
  return { lines, logger: { log: (level, message, fields) => lines.push({ ...fields, level, message }) } }
}

/** Signature data with these parameters and nothing else. */
export function signatureOf(...parameters: readonly Partial<ParameterSignature>[]): PredictSignature {
  return {
    version: 1,
    className: 'Predictor',
    parameters: parameters.map((parameter, index) => ({ name: `p${index}`, role: 'payload', ...parameter })),
    returns: [],
    definitions: {},
  }
}

/** An application that is ready, and its log. */
export async function serveInMemory(
  predictor: PredictorClass,
  options: AppOptions & AppInternals = {},
): Promise<{ app: PredictorApp; lines: LogLine[] }> {
  const { logger, lines } = recordLog()
  const app = createApp(predictor, { logger, ...options })
  await app.ready
  return { app, lines }
}

/** Posts to `/predict`. */
export async function post(
  app: PredictorApp,
  body?: string | Uint8Array<ArrayBuffer> | Blob | FormData | URLSearchParams,
  headers: Record<string, string> = {},
): Promise<Response> {
  return app.request('/predict', { method: 'POST', headers, ...(body === undefined ? {} : { body }) })
}

/** Posts JSON. */
export function postJSON(app: PredictorApp, value: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return post(app, JSON.stringify(value), { 'content-type': 'application/json', ...headers })
}

/** What every problem document has; gives back the document. */
export async function expectProblem(response: Response, status: number, code: string): Promise<Problem> {
  // Its members are looked at below and in the tests.
  const problem = (await response.json()) as Problem
  expect({ status: response.status, code: problem.code }).toEqual({ status, code })
  expect(problem.status).toBe(status)
  expect(problem.requestId).toBe(response.headers.get('x-request-id'))
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  return problem
}

/**
 * Lets everything run that waits for nothing but its turn of the event loop: to see that something does not happen. Turns
 * and not time, so that a busy machine changes nothing.
 */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

/** The lines of requests, once there are so many: a line is written when its response is over. */
export async function requestLines(lines: readonly LogLine[], count = 1): Promise<LogLine[]> {
  const requests = () => lines.filter(({ message }) => message === 'request')
  await expect.poll(requests).toHaveLength(count)
  return requests()
}

/** A promise and the way to settle it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open: () => open() }
}
