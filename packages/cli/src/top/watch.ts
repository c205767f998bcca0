import { setTimeout as sleep } from 'node:timers/promises'
import { deriveView, type Readings, secondsBetween } from 'incant/internal/readings'
import { ConnectionFailure } from '../connection/failure.ts'
import { draw, type Picture } from './draw.ts'
import { readMetrics } from './read-metrics.ts'
import type { TopSettings } from './settings.ts'
import type { Terminal } from './terminal.ts'

/** The last readings of a server, and the reason why there is none newer. */
interface State {
  readonly readings: Readings | undefined
  readonly failure: string | undefined
}

/**
 * Shows a server until the user ends it. A server that goes away is tried again; one that was never there is an error.
 *
 * @returns The exit code: 0, or that of the signal.
 * @throws {ConnectionFailure} Where the first reading fails.
 */
export async function watchServer(settings: TopSettings, terminal: Terminal): Promise<number> {
  const stop = new AbortController()
  let code = 0
  let state: State = {
    readings: { before: undefined, after: await readMetrics(settings, stop.signal) },
    failure: undefined,
  }
  const show = () => terminal.show(draw(pictureOf(settings, state), terminal.size))
  const end = (signal?: number) => {
    code = signal === undefined ? 0 : 128 + signal
    stop.abort()
  }
  terminal.open({ end, resize: show })
  try {
    show()
    while (await pause(settings.interval, stop.signal)) {
      state = await readOnce(settings, state, stop.signal)
      if (!stop.signal.aborted) show()
    }
  } finally {
    terminal.close()
  }
  return code
}

/** What the two readings look like. */
export function pictureOf({ url }: TopSettings, { readings, failure }: State): Picture {
  return {
    url: `${url.origin}${url.pathname.replace(/\/metrics$/, '')}`,
    view: readings === undefined ? undefined : deriveView(readings),
    seconds: readings === undefined ? undefined : secondsBetween(readings),
    failure,
    now: Date.now(),
  }
}

async function readOnce(settings: TopSettings, { readings }: State, signal: AbortSignal): Promise<State> {
  try {
    const after = await readMetrics(settings, signal)
    return { readings: { before: readings?.after, after }, failure: undefined }
  } catch (thrown) {
    if (!(thrown instanceof ConnectionFailure)) throw thrown
    return { readings, failure: thrown.message }
  }
}

/** Waits; false where it was ended meanwhile. */
async function pause(interval: number, signal: AbortSignal): Promise<boolean> {
  await sleep(interval, undefined, { signal }).catch(() => {})
  return !signal.aborted
}
