import type { Applicant } from '../auth/admission/admission.ts'
import type { Answer } from '../http/answer.ts'
import type { PredictOutput } from '../http/predict-io.ts'
import { NO_STORE, respond } from '../http/respond.ts'
import type { Exchange } from './exchange.ts'

/** What is shown at `/metrics`, and to whom. */
export interface MetricsPage {
  /**
   * Checks the credentials of readers that need them.
   *
   * @throws {RequestError}
   */
  admit(applicant: Applicant): Promise<void>
  /** Everything that is counted, in the format that a caller asks for. */
  render(accept: string | null): Promise<PredictOutput>
}

/** `GET /metrics`, where the transport says that this caller is shown it. */
export function metricsRoute(page: MetricsPage): (exchange: Exchange) => Promise<Answer> {
  return async exchange => {
    if (exchange.source.transport.metricsAccess === 'token') await page.admit(exchange)
    return respond(exchange.id, await page.render(exchange.headers.get('accept')), NO_STORE)
  }
}

/** Whether there is such a page for a caller. Where nobody has said so, there is not. */
export function showsMetrics({ source }: Exchange): boolean {
  return source.transport.metricsAccess !== undefined
}
