import { formatBytes } from 'incant/internal/readings'
import { useRef, useState } from 'preact/hooks'
import type { Mode } from '../call/connect.ts'
import { NO_ERRORS, type PlacedErrors, placeErrors } from '../call/errors.ts'
import { isRunning, type Outcome } from '../call/outcome.ts'
import { type Call, sizeOf } from '../call/request.ts'
import { send } from '../call/send.ts'

/** The call of a form: its progress, and functions to start and stop it. */
export interface CallState {
  readonly outcome: Outcome | undefined
  readonly previous: Outcome | undefined
  readonly errors: PlacedErrors
  readonly setErrors: (errors: PlacedErrors) => void
  readonly start: (call: Call, options: StartOptions) => Promise<Outcome | undefined>
  readonly stop: () => void
}

/** The settings of a call. */
export interface StartOptions {
  readonly mode: Mode
  /** The largest body that the server accepts, in bytes, if it says. */
  readonly limit: number | undefined
  /** The timeout in milliseconds. 0: none. */
  readonly patience: number
  /** The pointers of the fields that are drawn. */
  readonly drawn: () => ReadonlySet<string>
}

/** Keeps the state of one call at a time. */
export function useCall(): CallState {
  const [outcome, setOutcome] = useState<Outcome>()
  const [previous, setPrevious] = useState<Outcome>()
  const [errors, setErrors] = useState<PlacedErrors>(NO_ERRORS)
  const controller = useRef<AbortController>(undefined)
  const start = async (call: Call, { mode, limit, patience, drawn }: StartOptions) => {
    if (isRunning(outcome)) return undefined
    const size = await sizeOf(call)
    if (limit !== undefined && size > limit) {
      setOutcome(
        refuse(`This body has ${formatBytes(size)}; the server takes at most ${formatBytes(limit)}. Nothing was sent.`),
      )
      return undefined
    }
    const stop = new AbortController()
    controller.current = stop
    setErrors(NO_ERRORS)
    if (outcome?.content.kind !== undefined && outcome.content.kind !== 'none' && outcome.problem === undefined)
      setPrevious(outcome)
    const timer = patience > 0 ? setTimeout(() => stop.abort(), patience) : undefined
    const ended = await send(call, { mode, signal: stop.signal, onChange: setOutcome })
    clearTimeout(timer)
    setOutcome(ended)
    if (ended.problem !== undefined) setErrors(placeErrors(ended.problem, drawn()))
    return ended
  }
  return { outcome, previous, errors, setErrors, start, stop: () => controller.current?.abort() }
}

/** The reason why the page does not send a request, if there is one. */
function refuse(failure: string): Outcome {
  return {
    state: 'unreachable',
    startedAt: performance.now(),
    headers: [],
    type: '',
    bytes: 0,
    content: { kind: 'none' },
    failure,
  }
}
