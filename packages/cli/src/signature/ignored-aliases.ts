import { StartupError } from 'incant/internal/signature'
import { findPredictors } from './class/find-predictors.ts'
import type { Compilation } from './compiler/compiler.ts'
import { isStandard, packageNameOf } from './compiler/origin.ts'
import type { Sources } from './compiler/sources.ts'
import { readPredictor } from './read-predictor.ts'
import { markAliases } from './types/marked-aliases.ts'

/** A predictor file that was read. */
interface ReadFile {
  readonly compilation: Compilation
  /** The files whose JSDoc counted. */
  readonly sources: Sources
  readonly className: string | undefined
}

/**
 * The aliases of packages that a signature has, and whose JSDoc did not count: `/** @minimum 0 *\/ type Size = number` leaves
 * no trace in a type. Where a package has such an alias, which is rare, the file is read a second time with these aliases
 * marked, for their names alone: marks go wherever a type goes.
 */
export function ignoredAliases({ compilation, sources, className }: ReadFile): readonly string[] {
  const isLeftOut = (path: string) => !isStandard(path) && packageNameOf(path) !== 'incant' && !sources.has(path)
  const marked = markAliases(compilation, { has: isLeftOut })
  if (marked.aliases.size === 0) return []
  for (const predictor of findPredictors(marked.compilation, className, true)) {
    try {
      readPredictor(marked, predictor)
    } catch (error) {
      // With their constraints the types may contradict each other, which does not matter as they do not count.
      if (!StartupError.is(error)) throw error
    }
  }
  return [...marked.met].map(({ name, path }) => `${name} of ${packageNameOf(path)}`)
}
