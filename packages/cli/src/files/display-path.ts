import { isAbsolute, relative } from 'node:path'

/** A path as a terminal shows it: relative to the current folder where it is inside. */
export function displayPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short
}
