import type { Tracing } from '../../tracing/tracing.ts'

/** Where every copy of `@opentelemetry/api` 1.x keeps what has been registered, so that all find it. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1')

/** Whether an SDK has been registered in this process. */
export function hasTelemetry(): boolean {
  const registered: unknown = Reflect.get(globalThis, REGISTERED)
  return typeof registered === 'object' && registered !== null && 'trace' in registered
}

/** Tracing with the SDK of this process, if there is one. Without, not even the interface to it is loaded. */
export async function findTracing(): Promise<Tracing | undefined> {
  if (!hasTelemetry()) return undefined
  const { openTelemetry } = await import('../../tracing/open-telemetry.ts')
  return openTelemetry()
}
