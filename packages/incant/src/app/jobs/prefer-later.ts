import { chain, type MaybePromise } from '../../async/maybe-promise.ts'
import type { Admission } from '../../auth/admission/admission.ts'
import type { JobsOfModel } from '../../faces/jobs-of-model.ts'
import { readPreference } from '../../faces/predictions/preference.ts'
import type { Answer } from '../../http/answer.ts'
import type { Exchange } from '../exchange.ts'
import type { RouteHost } from '../route-host.ts'

/** What a call of `/predict` becomes. */
export type CallWork = (exchange: Exchange, admission: Admission) => MaybePromise<Answer | Response>

/**
 * A call of `/predict` on a server that has jobs: one whose caller prefers an answer at once (`Prefer: respond-async`), or
 * to wait for some time only (`wait=N`), becomes a job.
 */
export function preferLater(call: CallWork, host: RouteHost, jobs: { readonly service: JobsOfModel }): CallWork {
  return (exchange, admission) => {
    const prefer = exchange.headers.get('prefer')
    if (prefer === null) return call(exchange, admission)
    const { isAsync, wait } = readPreference(prefer)
    if (!isAsync && wait === undefined) return call(exchange, admission)
    return chain(import('./call-as-job.ts'), ({ callAsJob }) =>
      callAsJob(exchange, admission, { host, jobs: jobs.service }),
    )
  }
}
