import { setTimeout as sleep } from 'node:timers/promises'

/** Attempts in a row without progress before a transfer gives up. */
const ATTEMPTS = 5
const FIRST_PAUSE = 200
const LONGEST_PAUSE = 30_000

/** A failure that may pass: of the network, or of a server that is overloaded. */
export class PassingError extends Error {
  override readonly name = 'PassingError'
  /** Milliseconds that the server asked to wait. */
  readonly pause: number | undefined

  constructor(message: string, options: { readonly pause?: number | undefined; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.pause = options.pause
  }
}

/**
 * Repeats an attempt that fails with a {@link PassingError}, after a pause that doubles.
 *
 * @param attempt - Says whether it has made progress, after which the count of attempts begins again.
 * @throws The failure of the last attempt, and every other failure at once.
 */
export async function retrying<Result>(attempt: (progressed: () => void) => Promise<Result>): Promise<Result> {
  for (let count = 1; ; count++) {
    try {
      return await attempt(() => {
        count = 1
      })
    } catch (thrown) {
      if (!(thrown instanceof PassingError) || count >= ATTEMPTS) throw thrown
      const pause = thrown.pause ?? FIRST_PAUSE * 2 ** (count - 1) * (0.5 + Math.random())
      await sleep(Math.min(pause, LONGEST_PAUSE))
    }
  }
}
