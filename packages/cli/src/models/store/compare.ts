import type { ModelFile, ModelManifest } from './manifest.ts'

/** What differs between two versions, by path. */
export interface Comparison {
  readonly added: readonly ModelFile[]
  readonly removed: readonly ModelFile[]
  readonly changed: readonly { readonly before: ModelFile; readonly after: ModelFile }[]
  /** Files that are the same. */
  readonly same: number
}

/** Compares the files of two versions. */
export function compareManifests(before: ModelManifest, after: ModelManifest): Comparison {
  const [old, fresh] = [byPath(before), byPath(after)]
  const both = after.files.flatMap(file => {
    const was = old.get(file.path)
    return was === undefined ? [] : [{ before: was, after: file }]
  })
  const changed = both.filter(pair => pair.before.digest !== pair.after.digest)
  return {
    added: after.files.filter(({ path }) => !old.has(path)),
    removed: before.files.filter(({ path }) => !fresh.has(path)),
    changed,
    same: both.length - changed.length,
  }
}

function byPath({ files }: ModelManifest): ReadonlyMap<string, ModelFile> {
  return new Map(files.map(file => [file.path, file]))
}
