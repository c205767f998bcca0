import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Files whose change affects code or settings. */
const SOURCE = /\.([cm]?[jt]s|json|ya?ml)$/

/** Folders without files that a person edits. */
const SKIPPED = /^(node_modules|\..*)$/

/** Time without a further change after which one is reported, in milliseconds: an editor writes in several steps. */
const QUIET = 100

/** Folders watched at most: each takes something of the system. */
const MAX_FOLDERS = 1000

/** Watches the folder of a file, and those in it. Returns what stops it. */
export function watchFiles(files: readonly string[], onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>()
  let timer: ReturnType<typeof setTimeout> | undefined
  // Model files are watched, too, with any extension.
  const names = new Set(files.map(file => basename(file)))
  const change = (folder: string, name: string | null): void => {
    if (name !== null && !SOURCE.test(name) && !names.has(name)) {
      addFolders(folder)
      return
    }
    clearTimeout(timer)
    timer = setTimeout(onChange, QUIET)
  }
  const addFolders = (folder: string): void => {
    for (const found of listFolders(folder)) {
      if (watchers.has(found) || watchers.size >= MAX_FOLDERS) continue
      const watcher = watch(found, (_event, name) => change(found, name))
      // A deleted folder has no more changes.
      watcher.on('error', () => watcher.close())
      watchers.set(found, watcher)
    }
  }
  for (const file of files) addFolders(dirname(file))
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers.values()) watcher.close()
  }
}

function listFolders(folder: string): string[] {
  try {
    const inside = readdirSync(folder, { withFileTypes: true })
    const folders = inside.filter(entry => entry.isDirectory() && !SKIPPED.test(entry.name))
    return [folder, ...folders.flatMap(({ name }) => listFolders(join(folder, name)))]
  } catch {
    return []
  }
}
