import type { JSX } from 'preact'
import type { Readiness } from '../call/starting.ts'

interface ActionsProps {
  readonly isRunning: boolean
  readonly readiness: Readiness
  /** The timeout in seconds. 0: none. */
  readonly patience: number
  readonly run: () => void
  readonly stop: () => void
  readonly reset: () => void
  readonly onPatience: (seconds: number) => void
}

/** The buttons to run, stop and reset, and the timeout. */
export function Actions({ isRunning, readiness, patience, run, stop, reset, onPatience }: ActionsProps): JSX.Element {
  return (
    <div class="actions">
      {isRunning ? (
        <button type="button" class="primary stop" onClick={stop}>
          Stop <kbd>Esc</kbd>
        </button>
      ) : (
        <button type="button" class="primary" onClick={run}>
          Run <kbd>Ctrl ⏎</kbd>
        </button>
      )}
      <button type="button" onClick={reset}>
        Reset
      </button>
      <label class="patience">
        give up after
        <input
          type="number"
          min="0"
          placeholder="∞"
          value={patience === 0 ? '' : patience}
          onInput={event => onPatience(Math.max(0, Number(event.currentTarget.value)))}
        />
        s
      </label>
      <span class="readiness" role="status">
        {describe(readiness)}
      </span>
    </div>
  )
}

function describe({ word, seconds }: Readiness): string {
  if (word === 'starting')
    return seconds === 0 ? 'The predictor is starting…' : `The predictor is starting, ${seconds} s…`
  return ''
}
