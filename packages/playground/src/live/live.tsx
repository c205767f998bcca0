import { deriveView, type View } from 'incant/internal/readings'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Mode } from '../call/connect.ts'
import { Figures as FiguresView } from './figures.tsx'
import { type Figures, pollMetrics } from './poll.ts'

/** Two minutes at one reading every two seconds. */
const KEPT = 60

interface LiveProps {
  readonly base: string
  readonly mode: Mode
}

/** The live figures of the server. Nothing is requested until the panel is opened. */
export function Live({ base, mode }: LiveProps): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="panel live" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>Live</h2> <span class="hint">rate, latency, queue, replicas, memory</span>
      </summary>
      {isOpen && <Panel base={base} mode={mode} />}
    </details>
  )
}

function Panel({ base, mode }: LiveProps): JSX.Element {
  const [token, setToken] = useState('')
  const [sent, setSent] = useState('')
  const [figures, setFigures] = useState<Figures>()
  const history = useRef<readonly View[]>([])
  useEffect(() => {
    const headers: Readonly<Record<string, string>> = sent === '' ? {} : { Authorization: `Bearer ${sent}` }
    return pollMetrics({
      url: `${base}metrics`,
      mode,
      headers,
      onChange: next => {
        if (next.readings !== undefined) history.current = [...history.current, deriveView(next.readings)].slice(-KEPT)
        setFigures(next)
      },
    })
  }, [base, mode, sent])
  const view = history.current.at(-1)
  return (
    <div>
      {figures?.failure !== undefined && <p class="notice">{figures.failure}</p>}
      {figures?.asksForToken === true && (
        <div class="row">
          <label class="line">
            <span class="label">Token for the metrics</span>
            <input
              type="password"
              autocomplete="off"
              value={token}
              onInput={event => setToken(event.currentTarget.value)}
            />
          </label>
          <button type="button" onClick={() => setSent(token)}>
            Read
          </button>
        </div>
      )}
      {view === undefined ? (
        figures === undefined && <p class="hint">Reading…</p>
      ) : (
        <FiguresView view={view} history={history.current} />
      )}
    </div>
  )
}
