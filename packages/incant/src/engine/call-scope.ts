import type { CallReport } from './call-report.ts'

/**
 * Runs the predictor's own code with the id of the request at hand that it works for; of a batch, the ids of all. What it
 * writes and sends meanwhile goes to the report, too, if there is one.
 */
export type CallScope = <Result>(
  requestId: string | readonly string[],
  work: () => Result,
  report?: CallReport | undefined,
) => Result
