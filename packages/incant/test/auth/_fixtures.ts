import { onTestFinished } from 'vitest'
import type { AppOptions } from '../../src/app/app-options.ts'
import { createApp } from '../../src/app/create-app.ts'
import type { PredictorApp } from '../../src/app/predictor-app.ts'
import { type AuthDecorator, decorate } from '../../src/auth/policy/decorator.ts'
import { StartupError } from '../../src/errors/startup-error.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import { type LogLine, recordLog, signatureOf } from '../app/_serving.ts'

/** A payload and a context: most tests want to know who called. */
export const WITH_CONTEXT = signatureOf({ role: 'payload' }, { role: 'context' })

/** Gives back what it was called with. */
export class WhoAmI extends BasePredictor {
  predict(payload: unknown, context: PredictContext): object {
    return { payload, principal: context.principal ?? null }
  }
}

/** A class with these decorators, the first one outermost, as they would stand above it. */
export function protect(...decorators: readonly AuthDecorator[]): PredictorClass {
  class Predictor extends WhoAmI {}
  for (const decorator of decorators.toReversed()) decorator(Predictor)
  return Predictor
}

/** An application that is ready and lives as long as the test. */
export async function serveClass(
  predictor: PredictorClass,
  options: AppOptions = {},
): Promise<{ app: PredictorApp; lines: LogLine[] }> {
  const { logger, lines } = recordLog()
  const app = createApp(predictor, { logger, signature: WITH_CONTEXT, ...options })
  onTestFinished(() => app.close())
  await app.ready
  return { app, lines }
}

/** As {@link serveClass}, of a class with these decorators. */
export function serveWith(...decorators: readonly AuthDecorator[]): Promise<{ app: PredictorApp; lines: LogLine[] }> {
  return serveClass(protect(...decorators))
}

/** Calls predict with headers and a payload. */
export async function call(
  app: PredictorApp,
  headers: Record<string, string> | Headers = {},
  payload: unknown = { a: 1 },
): Promise<Response> {
  return app.request('/predict', { method: 'POST', headers, body: JSON.stringify(payload) })
}

/** The status, the code and the challenge of an answer, in one line. */
export async function outcome(response: Response | Promise<Response>): Promise<string> {
  const answer = await response
  // Every answer of these tests is JSON.
  const body = (await answer.json()) as { code?: string; principal?: { id: string } | null }
  const challenge = answer.headers.get('www-authenticate')
  const said = body.code ?? body.principal?.id ?? 'anonymous'
  return [answer.status, said, challenge].filter(part => part !== null).join(' ')
}

/** What a person is told when an application cannot be made. */
export function startupError(make: () => unknown): StartupError {
  try {
    make()
  } catch (error) {
    if (StartupError.is(error)) return error
    throw error
  }
  throw new Error('It started.')
}

/** Tries to make an application of a class with these decorators. */
export function startWith(...decorators: readonly AuthDecorator[]): StartupError {
  return startupError(() => createApp(protect(...decorators), { signature: WITH_CONTEXT }))
}

/** A requirement of a kind that this version does not know. */
export function unknownDecorator(): AuthDecorator {
  // What a newer version of the package might leave behind.
  return decorate({ kind: 'moonPhase', decorator: '@moonPhase' } as never)
}

/** `Basic` credentials. */
export function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`
}
