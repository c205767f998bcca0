import { createReadStream, statSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import type { TarEntry } from '../content/tar.ts'

/** A file of this machine in an archive. What may be run here may be run there; nothing else of its mode counts. */
export function fileEntry(path: string, from: string, mode?: number): TarEntry {
  const { size, mode: own } = statSync(from)
  const content = { size, open: (offset = 0) => createReadStream(from, { start: offset }) }
  return { kind: 'file', path, mode: mode ?? ((own & 0o111) === 0 ? 0o644 : 0o755), content }
}

/** Adds the folders above the entries, each before what is in it. */
export function withFolders(entries: readonly TarEntry[]): readonly TarEntry[] {
  const known = new Set(entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path))
  return entries.flatMap(entry => {
    const missing = foldersAbove(entry.path).filter(path => !known.has(path))
    for (const path of missing) known.add(path)
    return [...missing.map((path): TarEntry => ({ kind: 'folder', path })), entry]
  })
}

/** The highest first. */
function foldersAbove(path: string): readonly string[] {
  const parent = dirname(path)
  return parent === '.' ? [] : [...foldersAbove(parent), join(parent)]
}
