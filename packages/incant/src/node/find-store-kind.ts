import { fileURLToPath } from 'node:url'

/** The store that the option `jobsStore` names. */
export type StoreKind =
  | { readonly name: 'memory' | 'postgres' }
  /** @param path - Absolute, or relative to the current folder. */
  | { readonly name: 'sqlite'; readonly path: string }

/**
 * Reads the option `jobsStore`: `memory`, `postgres://…`, or a file of SQLite as a path, `file:///…` or `sqlite:…`. A word
 * alone is no path, so that a typo of `memory` makes no file.
 */
export function findStoreKind(place: string): StoreKind | undefined {
  if (place === 'memory') return { name: 'memory' }
  if (/^postgres(?:ql)?:\/\//i.test(place)) return { name: 'postgres' }
  const path = findPath(place)
  return path === undefined ? undefined : { name: 'sqlite', path }
}

function findPath(place: string): string | undefined {
  if (/^file:\/\//i.test(place)) return fromURL(place)
  const [, named] = /^sqlite:(?:\/\/(?=\/))?(.+)$/i.exec(place) ?? []
  if (named !== undefined) return named.startsWith('//') ? undefined : named
  if (/^[a-z][a-z\d+.-]+:/i.test(place)) return undefined
  return /[\\/]|\.(?:db3?|sqlite3?)$/i.test(place) ? place : undefined
}

function fromURL(place: string): string | undefined {
  try {
    return fileURLToPath(place)
  } catch {
    return undefined
  }
}
