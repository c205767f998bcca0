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
    (word, place) =>
      !word.startsWith('-') && !isOption(words[place - 1]) && existsSync(join(resolvePath(word), 'incant.bundle.json')),
  )
  if (index === -1) return undefined
  const server = join(resolvePath(words[index] ?? ''), 'server.js')
  return { server, url: pathToFileURL(server).href, words: words.toSpliced(index, 1) }
}

function isOption(word = ''): boolean {
  return word.startsWith('-') && !word.includes('=')
}
