import type { FaceFailure, FaceRefusal } from '../face.ts'
import { statusOfProblem } from './status.ts'

/** Issues of a payload that a message names. */
const MOST_ISSUES = 5

/** A failure as `google.rpc.Status`, of which a caller gets code and message. */
export function refuse({ problem }: FaceFailure): FaceRefusal {
  const { title, detail, errors = [] } = problem
  const issues = errors.slice(0, MOST_ISSUES).map(issue => `${issue.pointer} ${issue.detail}`)
  const message = issues.length === 0 ? (detail ?? title) : `${detail ?? title}: ${issues.join('; ')}`
  return { document: { code: statusOfProblem(problem), message } }
}
