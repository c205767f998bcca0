import type { JSX } from 'preact'
import type { Problem } from '../call/outcome.ts'

interface ProblemViewProps {
  readonly problem: Problem
  /** Errors without a field. */
  readonly unplaced: readonly string[]
}

/** A problem in words. Errors of the input are shown at their fields. */
export function ProblemView({ problem, unplaced }: ProblemViewProps): JSX.Element {
  const { title, detail, code, status, errors = [], requestId } = problem
  const placed = errors.length - unplaced.length
  return (
    <div class="notice bad" role="alert">
      <strong>{title}</strong>
      {detail !== undefined && <p>{detail}</p>}
      {placed > 0 && (
        <p>
          {placed === 1
            ? 'One field has an error, shown beside it.'
            : `${placed} fields have errors, shown beside them.`}
        </p>
      )}
      {unplaced.length > 0 && (
        <ul>
          {unplaced.map(text => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {status >= 500 && requestId !== undefined && status !== 503 && (
        <p>
          The cause is in the log of the server, under the request id <code>{requestId}</code>.
        </p>
      )}
      {code !== undefined && <p class="hint">{code}</p>}
    </div>
  )
}
