import type { MaybePromise } from '../async/maybe-promise.ts'
import type { Admission } from '../auth/admission/admission.ts'
import { traceStep } from '../tracing/tracing.ts'
import type { Exchange } from './exchange.ts'
import type { RouteHost } from './route-host.ts'

/** Authenticates the caller by the headers, as one step of the trace; where nothing is asked for, there is no step. */
export function admitExchange(
  exchange: Exchange,
  { authenticator }: Pick<RouteHost, 'authenticator'>,
): MaybePromise<Admission> {
  const { trace } = exchange
  if (trace === undefined || authenticator.access !== 'protected') return authenticator.admit(exchange)
  return traceStep(trace, 'authenticate', () => authenticator.admit(exchange))
}
