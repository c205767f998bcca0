import { parseExposition, type Reading, type Readings } from 'incant/internal/readings'
import { ask, type Headers, type Mode } from '../call/connect.ts'

/** The last two readings of the metrics, or the reason why there are none. */
export interface Figures {
  readonly readings: Readings | undefined
  readonly failure: string | undefined
  /** The metrics need a token. */
  readonly asksForToken: boolean
}

interface Polling {
  readonly url: string
  readonly mode: Mode
  readonly headers: Headers
  readonly onChange: (figures: Figures) => void
}

/** Milliseconds between two readings. */
const INTERVAL = 2000

/**
 * Polls the metrics while the page is visible. Stops for good if the server has none.
 *
 * @returns A function that stops polling.
 */
export function pollMetrics({ url, mode, headers, onChange }: Polling): () => void {
  const stop = new AbortController()
  let former: Reading | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const read = async () => {
    if (document.hidden) return
    const answer = await ask(url, { mode, headers, signal: stop.signal }).catch(() => undefined)
    if (stop.signal.aborted) return
    const figures = await interpret(answer, former)
    former = figures.readings?.after ?? former
    onChange(figures)
    if (answer === undefined || answer.ok) again()
  }
  const again = () => {
    timer = setTimeout(() => void read(), INTERVAL)
  }
  const resume = () => {
    clearTimeout(timer)
    void read()
  }
  document.addEventListener('visibilitychange', resume)
  void read()
  return () => {
    stop.abort()
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', resume)
  }
}

async function interpret(answer: Response | undefined, before: Reading | undefined): Promise<Figures> {
  const none = { readings: undefined, asksForToken: false }
  if (answer === undefined) return { ...none, failure: 'The server does not answer. Trying again.' }
  if (answer.status === 401 || answer.status === 403)
    return { ...none, failure: 'The metrics need a token.', asksForToken: true }
  if (!answer.ok)
    return { ...none, failure: 'The server shows no metrics here. The option --metrics decides where it does.' }
  try {
    const after = { at: performance.now(), exposition: parseExposition(await answer.text()) }
    return { readings: { before, after }, failure: undefined, asksForToken: false }
  } catch {
    return { ...none, failure: 'The answer at metrics is not in the Prometheus format.' }
  }
}
