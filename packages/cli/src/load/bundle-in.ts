import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { resolvePath } from '../arguments/path.ts'

/** A bundle that a command line names. */
export interface NamedBundle {
  /** The path and the URL of its main module. */
  readonly server: string
  readonly url: string
  /** The other words. */
  readonly words: readonly string[]
}

/**
 * The bundle among the words after `incant serve`: a folder that `incant build` wrote. Values of options are none, and options
 * are not known yet: a folder after one that has no value, such as `--watch`, is not seen. It can be named first.
 */
export function bundleIn(words: readonly string[]): NamedBundle | undefined {
  const index = words.findIndex(
    (word, place) => !word.startsWith('-') && !isOption(words[place - 1]) && findFolder(word) !== undefined,
  )
  const folder = findFolder(words[index] ?? '')
  if (folder === undefined) return undefined
  const server = join(folder, 'server.js')
  return { server, url: pathToFileURL(server).href, words: words.toSpliced(index, 1) }
}

/** A build that was killed as it put a new bundle in the place of an earlier one has left that beside it. */
function findFolder(word: string): string | undefined {
  const folder = resolvePath(word)
  const found = existsSync(folder) ? folder : `${folder}.previous`
  return word !== '' && existsSync(join(found, 'incant.bundle.json')) ? found : undefined
}

function isOption(word = ''): boolean {
  return word.startsWith('-') && !word.includes('=')
}
