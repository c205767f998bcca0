import { onTestFinished } from 'vitest'
import type { LogFields, Logger, LogLevel } from '../../src/log/logger.ts'
import type { PredictorServer } from '../../src/node/predictor-server.ts'
import { serve } from '../../src/node/serve.ts'
import type { ServeInternals } from '../../src/node/serve-options.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'

/** One line of a log. */
export interface LoggedLine {
  readonly level: LogLevel
  readonly message: string
  readonly fields: LogFields
}

/** A logger that remembers. */
export function rememberingLogger(): { logger: Logger; lines: LoggedLine[] } {
  const lines: LoggedLine[] = []
  return { lines, logger: { log: (level, message, fields = {}) => lines.push({ level, message, fields }) } }
}

/** Gives back its payload. */
export class Echo extends BasePredictor {
  predict(payload: unknown): unknown {
    return { got: payload }
  }
}

/** Serves a predictor on a free port until the test is over. */
export async function served(
  predictor: PredictorClass = Echo,
  options: ServeInternals = {},
): Promise<{ server: PredictorServer; lines: LoggedLine[] }> {
  const { logger, lines } = rememberingLogger()
  const server = await serve(predictor, { port: 0, logger, gracePeriod: 0, ...options })
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  await server.ready
  return { server, lines }
}

/** A request with a JSON body. */
export function post(body: string, headers: readonly string[] = []): string {
  const lines = ['POST /predict HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers]
  return `${[...lines, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`
}

/** Waits until a condition holds. */
export async function eventually(condition: () => boolean, milliseconds = 30_000): Promise<void> {
  const until = Date.now() + milliseconds
  while (!condition()) {
    if (Date.now() > until) throw new Error(`not within ${milliseconds} ms: ${condition}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** The code of a problem document. */
export async function codeOf(response: Response): Promise<unknown> {
  const problem: unknown = await response.json()
  return typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : undefined
}
