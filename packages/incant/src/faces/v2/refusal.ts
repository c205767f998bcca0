import { RequestError } from '../../errors/request-error.ts'
import type { FaceFailure, FaceRefusal } from '../face.ts'

/** Refuses a request whose tensors do not fit the model. The words are for the caller, and have no value of the request. */
export function refuseTensors(detail: string): RequestError {
  return new RequestError('invalid_tensor', { detail })
}

/**
 * A failure as clients of the protocol read it: `error` is a text, beside the members of the problem document. They know 400
 * where `/predict` has 422.
 */
export function refuse({ problem }: FaceFailure): FaceRefusal {
  const status = problem.status === 422 ? 400 : problem.status
  return { status, document: { ...problem, status, error: describe(problem) } }
}

function describe({ title, detail, errors = [] }: FaceFailure['problem']): string {
  const issues = errors.map(({ pointer, detail: fault }) => `${pointer} ${fault}`)
  return [detail ?? title, ...issues].join(' ')
}
