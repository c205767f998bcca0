import { runInTurns } from '../../async/run-in-turns.ts'
import { type CutDocument, cutArrays, type Places } from '../../json/cut-arrays.ts'

/** The member that replaces data that was cut out: the index of its array. */
export const ARRAY = 'data array'

const PLACES: Places<'data'> = {
  members: new Map([['inputs', { items: { members: new Map([['data', { array: 'data' }]]) } }]]),
}

/**
 * Cuts the arrays of `data` out of a request: `{"data": […]}` is `{"data array": 0}` in its head. Those of numbers are read on
 * the way, in turns of the event loop and before their datatype is known: the members of a tensor have no order. What is not
 * JSON is found where the parts are parsed.
 */
export async function cutData(bytes: Uint8Array): Promise<CutDocument> {
  const cut = await runInTurns(cutArrays(bytes, PLACES, { rename: ARRAY, isStrict: false }))
  // Every document can be cut where the options are not strict.
  return cut ?? { head: bytes, arrays: [] }
}
