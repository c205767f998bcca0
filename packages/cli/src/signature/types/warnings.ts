import { locateHandle } from '../compiler/location.ts'
import type { SignatureWarning } from '../compiler/warning.ts'
import { type Place, type Problem, shortPath } from './problem.ts'

interface Finding {
  readonly place: Place
  readonly problem: Problem
  others: number
}

/** The warnings of one class. What is wrong with many members in the same way is said once. */
export class Warnings {
  readonly #findings = new Map<string, Finding>()

  add(place: Place, problem: Problem): void {
    const key = `${place.subject} ${problem.found} ${problem.instead}`
    const known = this.#findings.get(key)
    if (known === undefined) this.#findings.set(key, { place, problem, others: 0 })
    else known.others += 1
  }

  list(): readonly SignatureWarning[] {
    return [...this.#findings.values()].map(({ place, problem, others }) => {
      const more = others === 0 ? '' : `, and so ${others === 1 ? 'is another member' : `are ${others} other members`}`
      return {
        message: `${place.subject}: ${shortPath(place.path)} ${problem.found}${more}. ${problem.instead}`,
        location: place.declaration && locateHandle(place.declaration),
      }
    })
  }
}
