import type { Applicant } from '../auth/admission/admission.ts'
import type { Answer } from '../http/answer.ts'
import { compressAnswer } from '../http/compress.ts'
import type { PredictOutput } from '../http/predict-io.ts'
import { NO_STORE, respond } from '../http/respond.ts'
import type { Exchange } from './exchange.ts'

/** The content of `/metrics`, and access to it. */
export interface MetricsPage {
  /**
   * Checks the credentials of readers that need them.
   *
   * @throws {RequestError}
   */
  admit(applicant: Applicant): Promise<void>
  /** All metrics, in the format that a caller accepts. */
  render(accept: string | null): Promise<PredictOutput>
}

/** `GET /metrics`, where the transport says that this caller is shown it. */
export function metricsRoute(page: MetricsPage): (exchange: Exchange) => Promise<Answer> {
  return async exchange => {
    if (exchange.source.transport.metricsAccess === 'token') await page.admit(exchange)
    const { id, headers } = exchange
    const answer = respond(id, await page.render(headers.get('accept')), NO_STORE)
    return compressAnswer(answer, headers.get('accept-encoding'))
  }
}

/** Whether the page exists for this caller. By default it does not. */
export function showsMetrics({ source }: Exchange): boolean {
  return source.transport.metricsAccess !== undefined
}
