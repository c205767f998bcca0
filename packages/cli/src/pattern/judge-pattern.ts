import { createRequire } from 'node:module'
import type { checkSync, UnknownDiagnostics } from 'recheck'

/** The problem of a pattern, and the fix. */
export interface PatternFault {
  /** After "has @pattern …, ": `which takes time exponential in the length of the text`. */
  readonly found: string
  readonly instead: string
}

/** Steps that a match may take: a few milliseconds. */
const MAX_STEPS = 1_000_000

/** Milliseconds after which no verdict is better than a longer wait. */
const SEARCH_TIME = 60_000

/**
 * How a pattern is analysed. What ends the search for a text on which it takes long is a number of steps, and not the
 * clock, so that a verdict is the same on a machine that is busy: a text of 3,000 characters that takes more than 1,500,000.
 * That is 500 steps a character, more than a pattern takes that matches in linear time, and far less than the square.
 */
const ANALYSIS = {
  timeout: SEARCH_TIME,
  attackTimeout: null,
  incubationTimeout: null,
  seedingTimeout: null,
  attackLimit: 1_500_000,
  maxAttackStringSize: 3000,
}

/**
 * Judges whether matching a pattern takes time linear in the length of the text. JavaScript's engine backtracks without
 * a limit: a pattern that can match the same text in several ways lets any caller hold up the server.
 *
 * A pattern whose time is a power of the length is accepted beside a `@maxLength` that keeps it short.
 *
 * @param maxLength - Characters that a text may have, where the type says so.
 */
export function judgePattern(pattern: string, maxLength: number | undefined): PatternFault | undefined {
  const diagnostics = analyse(pattern)
  if (diagnostics.status === 'safe') return undefined
  if (diagnostics.status === 'unknown') return unknownFault(diagnostics.error)
  const { complexity } = diagnostics
  if (complexity.type === 'exponential') {
    const found = 'which takes time exponential in the length of the text that it is tried on'
    return { found, instead: 'Rewrite it so that it can match each text in one way only: ^a+$ in place of ^(a+)+$.' }
  }
  const allowed = Math.floor(MAX_STEPS ** (1 / complexity.degree))
  if (maxLength !== undefined && maxLength <= allowed) return undefined
  const power = complexity.degree === 2 ? 'the square' : `the power of ${complexity.degree}`
  return {
    found: `which takes time that grows with ${power} of the length of the text`,
    instead: `Write @maxLength ${allowed} or less beside it, or rewrite it so that it can match each text in one way only.`,
  }
}

function unknownFault({ kind }: UnknownDiagnostics['error']): PatternFault {
  if (kind !== 'timeout') {
    const found = 'which has something in it whose time cannot be judged'
    return { found, instead: 'Simplify it, or check the text in predict.' }
  }
  return {
    found: `of which ${SEARCH_TIME / 1000} s were not enough to show that it matches every text in linear time`,
    instead: 'Start again where the machine has less to do, simplify it, or check the text in predict.',
  }
}

type Diagnostics = ReturnType<typeof checkSync>

const known = new Map<string, Diagnostics>()

/** `--watch` reads the same patterns again and again. */
function analyse(pattern: string): Diagnostics {
  const diagnostics = known.get(pattern) ?? loadCheck()(pattern, 'u', ANALYSIS)
  known.set(pattern, diagnostics)
  return diagnostics
}

/** It takes a tenth of a second to load, which a predictor without a pattern does not pay for. */
function loadCheck(): typeof checkSync {
  // Beside this file in the source, and its bundle beside ours.
  const loaded: { readonly checkSync: typeof checkSync } = createRequire(import.meta.url)('./recheck.cjs')
  return loaded.checkSync
}
