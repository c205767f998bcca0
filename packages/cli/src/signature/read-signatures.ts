import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type PredictSignature, StartupError } from 'incant/internal/signature'
import { displayPath } from '../files/display-path.ts'
import { findPredictors } from './class/find-predictors.ts'
import type { withCompilation } from './compiler/compiler.ts'
import { checkSyntax, remainingWarnings } from './compiler/diagnostics.ts'
import { Sources } from './compiler/sources.ts'
import type { SignatureWarning } from './compiler/warning.ts'
import { ignoredAliases } from './ignored-aliases.ts'
import { readPredictor } from './read-predictor.ts'
import type { DefaultValue } from './types/defaults.ts'
import { ignoredConstraints } from './types/ignored.ts'
import { markAliases } from './types/marked-aliases.ts'

/** What to read. */
export interface ReadSignaturesOptions {
  /** The predictor file: `.ts`, `.mts`, `.cts`, `.js`, `.mjs` or `.cjs`. */
  readonly file: string
  /** The class to read where the file has several: its name, or the name it is exported under. */
  readonly className?: string | undefined
  /**
   * Whether several predictor classes are all read, and not refused.
   * @default false
   */
  readonly all?: boolean
}

/** The result of reading a predictor file. */
export interface SignatureReading {
  /** One for each class; a single one unless `all` was set. */
  readonly signatures: readonly PredictSignature[]
  /** Type errors outside the signature, and results of predict that JSON cannot carry. */
  readonly warnings: readonly SignatureWarning[]
  /** The configuration of the user's that the file was read with, for a loader to use the same. */
  readonly tsconfig: string | undefined
}

/** A reading, and what of it only the validator can check. */
export interface UncheckedReading {
  readonly reading: SignatureReading
  readonly defaults: readonly DefaultValue[]
}

/**
 * Reads the signatures of a predictor file with the TypeScript checker. Nothing in the file is run.
 *
 * @param open - How the file is opened: {@link withCompilation}, or with a compiler that is kept for the next.
 * @throws StartupError where the file cannot be served as it is written: the first problem, with its place and what to
 * write instead.
 */
export function readUnchecked(open: typeof withCompilation, options: ReadSignaturesOptions): UncheckedReading {
  const file = resolve(options.file)
  if (!existsSync(file) || !statSync(file).isFile()) throw fileNotFound(file)
  return open(file, written => {
    checkSyntax(written)
    const sources = new Sources(file)
    const marked = markAliases(written, sources)
    const { compilation } = marked
    const predictors = findPredictors(compilation, options.className, options.all ?? false)
    const outcomes = predictors.map(predictor => readPredictor(marked, predictor))
    const ignored = new Set([
      ...outcomes.flatMap(outcome => [...outcome.ignored]),
      ...ignoredAliases({ compilation: written, sources, className: options.className }),
    ])
    const warnings = [
      ...remainingWarnings(compilation),
      ...outcomes.flatMap(outcome => outcome.warnings),
      ...ignoredConstraints(ignored),
    ]
    const signatures = outcomes.map(({ signature }) => signature)
    const defaults = outcomes.flatMap(outcome => outcome.defaults)
    return { reading: { signatures, warnings, tsconfig: compilation.tsconfig }, defaults }
  })
}

function fileNotFound(file: string): StartupError {
  return new StartupError({
    code: 'file_not_found',
    found: 'the predictor file does not exist',
    instead: 'Use the path of a file with a class that extends BasePredictor.',
    location: { file: displayPath(file) },
  })
}
