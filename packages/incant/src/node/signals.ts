/** Signals that ask this process to end. */
export interface Signals {
  readonly first: Promise<NodeJS.Signals>
  readonly second: Promise<NodeJS.Signals>
  /** Stops watching. */
  release(): void
}

const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT']

/**
 * Time in which the same signal counts once, in milliseconds: Ctrl-C reaches a program that npm has started twice, from
 * the terminal and from npm.
 */
const ECHO = 250

/** Watches for SIGTERM and SIGINT. */
export function watchSignals(): Signals {
  const waiting: ((signal: NodeJS.Signals) => void)[] = []
  const next = () => new Promise<NodeJS.Signals>(resolve => waiting.push(resolve))
  const first = next()
  const second = next()
  const seen = new Map<NodeJS.Signals, number>()
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now()
    const isEcho = now - (seen.get(signal) ?? Number.NEGATIVE_INFINITY) < ECHO
    seen.set(signal, now)
    if (!isEcho) waiting.shift()?.(signal)
  }
  for (const signal of ENDING) process.on(signal, onSignal)
  return {
    first,
    second,
    release() {
      for (const signal of ENDING) process.off(signal, onSignal)
    },
  }
}
