import { StartupError } from '../../errors/startup-error.ts'

/** A failure to start, with the name of the model in its words: of several, it must be known which. */
export function nameModel(id: string, thrown: unknown): unknown {
  if (!StartupError.is(thrown)) return thrown
  const [first, ...others] = thrown.problems
  if (first === undefined) return thrown
  return new StartupError({ ...first, found: `model ${id}: ${first.found}`, others, cause: thrown.cause })
}
