import { parseExposition, type Reading, type Readings } from 'incant/internal/readings'
import { ask, type Headers, type Mode } from '../call/connect.ts'

/** What is known of the figures: the last two readings, or why there are none. */
export interface Figures {
  readonly readings: Readings | undefined
  readonly failure: string | undefined
  /** The server asks for a token for its metrics. */
  readonly asksForToken: boolean
}

interface Polling {
  readonly url: string
  readonly mode: Mode
  readonly headers: Headers
  readonly onChange: (figures: Figures) => void
}

/** Time between two readings, in milliseconds. */
const INTERVAL = 2000

/**
 * Reads the metrics again and again while the page is visible. A server that shows none is asked no more.
 *
 * @returns What ends it.
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
  if (answer === undefined) return { ...none, failure: 'The server does not answer; it is asked again.' }
  if (answer.status === 401 || answer.status === 403)
    return { ...none, failure: 'The metrics need a token.', asksForToken: true }
  if (!answer.ok) return { ...none, failure: 'The server shows no metrics here. --metrics says to whom it does.' }
  try {
    const after = { at: performance.now(), exposition: parseExposition(await answer.text()) }
    return { readings: { before, after }, failure: undefined, asksForToken: false }
  } catch {
    return { ...none, failure: 'What answers at metrics is no exposition.' }
  }
}
