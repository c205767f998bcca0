import { useEffect, useState } from 'preact/hooks'
import { ask, type Mode } from './connect.ts'
import { headerOf, type Outcome } from './outcome.ts'

/** The readiness of the server. */
export interface Readiness {
  readonly word: 'unknown' | 'ready' | 'starting'
  /** Seconds since the server was first seen to be starting. */
  readonly seconds: number
}

interface Watching {
  readonly base: string
  readonly mode: Mode
}

/** Whether the server is ready. Polled only after an answer said that it is not, until it is. */
export function useReadiness(outcome: Outcome | undefined, { base, mode }: Watching): Readiness {
  const [readiness, setReadiness] = useState<Readiness>({ word: 'unknown', seconds: 0 })
  const isStarting = outcome?.status === 503 && outcome.problem?.code === 'starting'
  const pause = Number((outcome && headerOf(outcome, 'retry-after')) ?? 1)
  useEffect(() => {
    if (outcome?.status === undefined) return
    if (!isStarting) return setReadiness({ word: 'ready', seconds: 0 })
    const began = performance.now()
    setReadiness({ word: 'starting', seconds: 0 })
    const timer = setInterval(() => {
      void ask(`${base}ready`, { mode }).then(
        ({ ok }) => {
          if (ok) clearInterval(timer)
          setReadiness({ word: ok ? 'ready' : 'starting', seconds: Math.round((performance.now() - began) / 1000) })
        },
        () => {},
      )
    }, Math.max(pause, 1) * 1000)
    return () => clearInterval(timer)
  }, [outcome?.startedAt, outcome?.status, isStarting, pause, base, mode])
  return readiness
}
