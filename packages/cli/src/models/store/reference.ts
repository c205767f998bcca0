import { MODEL_ID_RULE, type ModelName, parseModelId, StartupError } from 'incant/internal/signature'

/** The word for the newest version. */
export const LATEST = 'latest'
/** Versions that are numbered by the store. */
const NUMBERED = /^v([1-9]\d*)$/

/**
 * Reads `NAME`, `NAME:VERSION` or `NAME:TAG`.
 *
 * @throws {StartupError} `invalid_option`
 */
export function readModelId(given: string): ModelName {
  const model = parseModelId(given)
  if (model !== undefined) return model
  throw new StartupError({
    code: 'invalid_option',
    found: `${JSON.stringify(given)} is not the name of a model`,
    instead: `Write NAME or NAME:VERSION, with ${MODEL_ID_RULE}.`,
  })
}

/** The number of a version such as `v12`; 0 of one with another name. */
export function numberOf(version: string): number {
  return Number(NUMBERED.exec(version)?.[1] ?? 0)
}

/**
 * Refuses a word that means something else already.
 *
 * @throws {StartupError} `invalid_option`
 */
export function refuseReserved(word: string, what: 'version' | 'tag'): void {
  const isNumber = what === 'tag' && numberOf(word) > 0
  if (word !== LATEST && !isNumber) return
  throw new StartupError({
    code: 'invalid_option',
    found: isNumber ? `the tag ${word} would look like a version` : `${LATEST} is always the newest version`,
    instead: `Choose another word for the ${what}, such as ${what === 'tag' ? 'production' : '2026-11'}.`,
  })
}
