import { nextTurn } from './next-turn.ts'

let last: Promise<void> = Promise.resolve()

/**
 * Waits for a turn of the event loop that no other caller has taken this way. Large bodies that arrive side by side are
 * complete at about the same time: read in one turn, they would hold up every other request for as long as all of them
 * take, and the first answer would leave with the last.
 */
export function ownTurn(): Promise<void> {
  last = last.then(nextTurn)
  return last
}
