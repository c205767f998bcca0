import type { OpenTokens } from '../secrets/check-token.ts'

/** The state of a strategy before it was opened: every caller is refused. */
export const notOpen: OpenTokens = {
  check() {
    throw new Error('the strategy has not been opened')
  },
  close() {},
}
