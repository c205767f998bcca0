import type { JSX } from 'preact'
import type { Problem } from '../call/outcome.ts'

interface ProblemViewProps {
  readonly problem: Problem
  /** Errors that no field shows. */
  readonly unplaced: readonly string[]
}

/** What went wrong, in words; where in the input is shown at the fields. */
export function ProblemView({ problem, unplaced }: ProblemViewProps): JSX.Element {
  const { title, detail, code, status, errors = [], requestId } = problem
  const placed = errors.length - unplaced.length
  return (
    <div class="notice bad" role="alert">
      <strong>{title}</strong>
      {detail !== undefined && <p>{detail}</p>}
      {placed > 0 && (
        <p>
          {placed === 1 ? 'One field is marked with what is wrong.' : `${placed} fields are marked with what is wrong.`}
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
