import { lookUp, readPointer } from '../schema/pointer.ts'
import type { Value } from '../schema/value.ts'
import type { Problem } from './outcome.ts'

/** Errors by the pointer of the field that shows them, and errors without a field. */
export interface PlacedErrors {
  readonly fields: ReadonlyMap<string, readonly string[]>
  readonly unplaced: readonly string[]
}

/** No errors. */
export const NO_ERRORS: PlacedErrors = { fields: new Map(), unplaced: [] }

/** Assigns each error to the field of its pointer, else to the nearest enclosing field. */
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

/** Errors of the whole form are shown above it. */
function nearest(pointer: string, drawn: ReadonlySet<string>): string | undefined {
  for (let place = pointer; place !== '#' && place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
    if (drawn.has(place)) return place
  }
  return drawn.has('#') && pointer === '#' ? '#' : undefined
}

/** The errors that remain after a value has changed: those of unchanged fields. */
export function keepErrors({ fields, unplaced }: PlacedErrors, before: Value, after: Value): PlacedErrors {
  const kept = [...fields].filter(([pointer]) => pointer !== '#' && lookUp(before, pointer) === lookUp(after, pointer))
  return { fields: new Map(kept), unplaced }
}
