import { describeThrown } from '../errors/describe-thrown.ts'
import { StartupError } from '../errors/startup-error.ts'
import { isReadableStream } from '../http/platform-objects.ts'
import type { PredictAnswer, PredictInput } from '../http/predict-io.ts'
import type { Role } from '../signature/signature.ts'
import { Cancellation } from './cancellation.ts'
import type { PredictCall } from './engine.ts'

/** Payloads to be predicted before the first caller comes, and how. */
export interface WarmUp {
  readonly payloads: readonly unknown[]
  readonly roles: readonly Role[]
  /** Whether they are predicted together, as a batch, and not one after the other. */
  readonly together: boolean
  /** When it has to be over, as `performance.now()` has it. */
  readonly deadline: number
  run(call: PredictCall): PredictAnswer | Promise<PredictAnswer>
}

/**
 * Predicts payloads the way calls are predicted, so that what is made at first use is made: compiled kernels, caches,
 * connections.
 *
 * @throws {StartupError} `warmup_failed` with the first that fails.
 */
export async function warmUp(options: WarmUp): Promise<void> {
  const { payloads, together } = options
  if (together) await Promise.all(payloads.map((payload, index) => predictOne(payload, index, options)))
  else for (const [index, payload] of payloads.entries()) await predictOne(payload, index, options)
}

async function predictOne(payload: unknown, index: number, { roles, deadline, run }: WarmUp): Promise<void> {
  const tasks: (() => unknown)[] = []
  try {
    const call: PredictCall = {
      id: `warmup-${index}`,
      input: makeInput(payload, roles),
      deadline,
      cancellation: new Cancellation(),
      streamFormat: 'event-stream',
      client: { address: undefined },
      principal: undefined,
      defer: task => tasks.push(task),
    }
    await readToEnd((await run(call)).body)
    for (const task of tasks) await task()
  } catch (thrown) {
    throw warmupFailed(`warmup[${index}] failed: ${describeThrown(thrown).message}`, thrown)
  }
}

function makeInput(payload: unknown, roles: readonly Role[]): PredictInput {
  return roles.includes('request') ? { body: payload, request: toRequest(payload) } : { body: payload }
}

/** The request that would have brought a payload. */
function toRequest(payload: unknown): Request {
  if (payload instanceof Request) return payload.clone()
  const init = isBody(payload)
    ? { body: payload }
    : { body: JSON.stringify(payload), headers: { 'content-type': 'application/json' } }
  return new Request('http://localhost/predict', { method: 'POST', ...init })
}

function isBody(payload: unknown): payload is Uint8Array<ArrayBuffer> | ArrayBuffer | Blob | FormData {
  return [Uint8Array, ArrayBuffer, Blob, FormData].some(form => payload instanceof form)
}

async function readToEnd(body: PredictAnswer['body']): Promise<void> {
  if (!isReadableStream(body)) return
  const reader = body.getReader()
  while (!(await reader.read()).done);
}

/** The error of a warm-up that fails; it ends the start. */
export function warmupFailed(found: string, cause?: unknown): StartupError {
  return new StartupError({
    code: 'warmup_failed',
    found,
    instead: 'Fix predict, or the payload in `static warmup`.',
    ...(cause === undefined ? {} : { cause }),
  })
}
