import { StartupError } from '../../errors/startup-error.ts'
import type { ModelName } from '../../predictor/model-id.ts'

/** Which share of the calls of a model each of its versions gets. */
export type VersionShares = { readonly [version: string]: number }

/** The shares of each model whose calls are split, by its name. */
export type Splits = { readonly [name: string]: VersionShares }

/**
 * Refuses shares that name what is not served, or that come to nothing.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function checkSplits(splits: Splits, models: readonly ModelName[]): void {
  for (const [name, shares] of Object.entries(splits)) {
    const versions = models.flatMap(model => (model.name === name ? [model.version ?? ''] : []))
    const unknown = Object.keys(shares).find(version => !versions.includes(version))
    if (versions.length === 0) throw refuse(`split names the model ${name}`, `The models are ${listNames(models)}.`)
    if (unknown !== undefined) {
      throw refuse(`split names ${name}:${unknown}`, `The versions of ${name} are ${versions.join(', ')}.`)
    }
    checkShares(name, Object.values(shares))
  }
}

function checkShares(name: string, shares: readonly number[]): void {
  const isRight = shares.every(share => Number.isFinite(share) && share >= 0)
  if (isRight && shares.reduce((sum, share) => sum + share, 0) > 0) return
  throw refuse(`the shares of ${name} are ${shares.join(' and ')}`, 'Write how many calls of a hundred each gets.')
}

function listNames(models: readonly ModelName[]): string {
  return [...new Set(models.map(({ name }) => name))].join(', ')
}

function refuse(found: string, instead: string): StartupError {
  return new StartupError({ code: 'invalid_option', found, instead })
}

/**
 * The version that a key belongs to: always the same one for the same key and shares. Keys are spread evenly, so of many
 * keys each version gets its share.
 *
 * @param key - Who calls, or the id of a request.
 */
export function chooseVersion(name: string, shares: VersionShares, key: string): string | undefined {
  const entries = Object.entries(shares)
  const total = entries.reduce((sum, [, share]) => sum + share, 0)
  // With the name, so that the same callers are not the few of every model.
  let left = spread(`${name}\n${key}`) * total
  for (const [version, share] of entries) {
    left -= share
    if (left < 0) return version
  }
  return entries.findLast(([, share]) => share > 0)?.[0]
}

/** A number from 0 to 1 for a text: FNV-1a, then the mixing steps of MurmurHash3, as texts often differ in their last letter alone. */
function spread(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
