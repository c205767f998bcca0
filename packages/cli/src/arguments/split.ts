import { StartupError } from 'incant/internal/signature'

/** By the name of a model, the share of the calls that each of its versions gets. */
export type Splits = Readonly<Record<string, Readonly<Record<string, number>>>>

const SPLIT = /^([^=]+)=(.+)$/
const SHARE = /^([^:]+):(\d+(?:\.\d+)?)$/

/**
 * Reads `words=v1:90,v2:10`, each once.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function readSplits(given: readonly string[]): Splits {
  return Object.fromEntries(given.filter(text => text !== '').map(readSplit))
}

function readSplit(text: string): [name: string, shares: Record<string, number>] {
  const [, name, shares] = SPLIT.exec(text) ?? []
  if (name === undefined || shares === undefined) return refuse(text)
  const read = shares.split(',').map(share => SHARE.exec(share.trim()) ?? refuse(text))
  return [name, Object.fromEntries(read.map(([, version = '', share]) => [version, Number(share)]))]
}

function refuse(text: string): never {
  throw new StartupError({
    code: 'invalid_option',
    found: `--split is ${JSON.stringify(text)}`,
    instead: 'Write the name of a model and the share of each version: --split words=v1:90,v2:10.',
  })
}
