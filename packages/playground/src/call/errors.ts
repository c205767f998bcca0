import { lookUp, readPointer } from '../schema/pointer.ts'
import type { Value } from '../schema/value.ts'
import type { Problem } from './outcome.ts'

/** What is wrong, by the field that it is shown at; and what no field shows. */
export interface PlacedErrors {
  readonly fields: ReadonlyMap<string, readonly string[]>
  readonly unplaced: readonly string[]
}

/** No errors. */
export const NO_ERRORS: PlacedErrors = { fields: new Map(), unplaced: [] }

/** Finds a field for each error: that of its pointer, else the nearest around it. */
export function placeErrors({ errors = [] }: Problem, drawn: ReadonlySet<string>): PlacedErrors {
  const fields = new Map<string, string[]>()
  const unplaced: string[] = []
  for (const { pointer, detail } of errors) {
    const full = readPointer(pointer)
    const place = nearest(full, drawn)
    if (place === undefined) unplaced.push(full === '#' ? detail : `${full.slice(2)}: ${detail}`)
    else {
      const rest = full.slice(place.length + 1)
      fields.set(place, [...(fields.get(place) ?? []), rest === '' ? detail : `${rest}: ${detail}`])
    }
  }
  return { fields, unplaced }
}

/** The whole form is no place: what is wrong with it is said above. */
function nearest(pointer: string, drawn: ReadonlySet<string>): string | undefined {
  for (let place = pointer; place !== '#' && place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
    if (drawn.has(place)) return place
  }
  return drawn.has('#') && pointer === '#' ? '#' : undefined
}

/** The errors that are left once a value has changed: those of fields that are as they were. */
export function keepErrors({ fields, unplaced }: PlacedErrors, before: Value, after: Value): PlacedErrors {
  const kept = [...fields].filter(([pointer]) => pointer !== '#' && lookUp(before, pointer) === lookUp(after, pointer))
  return { fields: new Map(kept), unplaced }
}
