import { cpSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import type { NeededPackage } from './needed-packages.ts'

/** What a running program never reads. */
const UNREAD = /\.d\.[cm]?ts$|\.d\.[cm]?ts\.map$|\.tsbuildinfo$/

/**
 * Copies the files of a package into a bundle. Packages inside it are packages of their own.
 *
 * @param isPublished - Whether the folder is as it was published. Else it is a checkout, of which only what is built comes.
 */
export function copyPackage({ from, to }: NeededPackage, out: string, isPublished: boolean): void {
  cpSync(from, join(out, to), {
    recursive: true,
    dereference: true,
    filter: path => {
      if (basename(path) === 'node_modules' || UNREAD.test(path)) return false
      const [first = ''] = relative(from, path).split(sep)
      return isPublished || ['', 'package.json', 'dist', 'proto', 'LICENSE'].includes(first)
    },
  })
}
