import type { OpenTokens } from '../secrets/check-token.ts'

/** What a strategy has before it was opened: nobody gets in. */
export const notOpen: OpenTokens = {
  check() {
    throw new Error('the strategy has not been opened')
  },
  close() {},
}
