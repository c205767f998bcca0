import { StartupError, type StartupErrorCode } from 'incant/internal/signature'
import type { NodeHandle } from '../compiler/compiler.ts'
import { locateHandle } from '../compiler/location.ts'

/** A type around a place. */
export interface Ancestor {
  /** The symbol of its declaration. */
  readonly symbol: number
  /** How many types of this declaration there are from here outwards. */
  readonly instances: number
  readonly outer: Ancestor | undefined
}

/** The subject of a problem: that of its sentence, and the declaration that shows where. */
export interface Place {
  /** The class, method and parameter: `Predictor.predict, parameter "payload"`. */
  readonly subject: string
  /** The member inside it: `payload.items[].when`. */
  readonly path: string
  /** The nearest declaration that the user wrote. */
  readonly declaration: NodeHandle | undefined
  /** The types that it is inside of, the nearest first. */
  readonly inside?: Ancestor | undefined
}

/** Something a signature cannot have. */
export interface Problem {
  readonly code: StartupErrorCode
  /** The problem, after the path: `is a function, which JSON cannot carry`. */
  readonly found: string
  readonly instead: string
}

/** The place of a member: the path grows, and the location is the member's where the user declared it. */
export function memberPlace(place: Place, step: string, declaration?: NodeHandle): Place {
  return {
    ...place,
    path: `${place.path}${step}`,
    declaration: declaration ?? place.declaration,
  }
}

/** A name for a type that has none: the last word of its path. */
export function hintOf(place: Place): string {
  const word = place.path.match(/\w+(?=\W*$)/)?.[0] ?? 'Type'
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** A path of a reasonable length: its beginning and its end. */
export function shortPath(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 55)} … ${path.slice(-55)}`
}

/** A problem as the error that ends the start. */
export function toStartupError(place: Place, problem: Problem): StartupError {
  const { code, found, instead } = problem
  const location = place.declaration === undefined ? undefined : locateHandle(place.declaration)
  return new StartupError({
    code,
    found: `${place.subject}: ${shortPath(place.path)} ${found}`,
    instead,
    ...(location === undefined ? {} : { location }),
  })
}
