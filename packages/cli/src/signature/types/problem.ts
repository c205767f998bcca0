import { StartupError, type StartupErrorCode } from 'incant/signature'
import type { NodeHandle } from '../compiler/compiler.ts'
import { locateHandle } from '../compiler/location.ts'

/** What a problem is about: a sentence's subject, and the declaration that shows where. */
export interface Place {
  /** The class, method and parameter: `Predictor.predict, parameter "payload"`. */
  readonly subject: string
  /** The member inside it: `payload.items[].when`. */
  readonly path: string
  /** The nearest declaration that the user wrote. */
  readonly declaration: NodeHandle | undefined
  /** How deep in the type it is. */
  readonly depth: number
}

/** Something a signature cannot have. */
export interface Problem {
  readonly code: StartupErrorCode
  /** What was found, after the path: `is a function, which JSON cannot carry`. */
  readonly found: string
  readonly instead: string
}

/** The place of a member: the path grows, and the location is the member's where the user declared it. */
export function memberPlace(place: Place, step: string, declaration?: NodeHandle): Place {
  return {
    ...place,
    path: `${place.path}${step}`,
    declaration: declaration ?? place.declaration,
    depth: place.depth + 1,
  }
}

/** A problem as the error that ends the start. */
export function toStartupError(place: Place, problem: Problem): StartupError {
  const { code, found, instead } = problem
  const location = place.declaration === undefined ? undefined : locateHandle(place.declaration)
  return new StartupError({
    code,
    found: `${place.subject}: ${place.path} ${found}`,
    instead,
    ...(location === undefined ? {} : { location }),
  })
}
