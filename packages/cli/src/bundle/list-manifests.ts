import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Folders that have no manifest of a workspace. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'coverage'])
/** How deep below the root the packages of a workspace may be. */
const DEPTH = 5

/** The paths of every package.json of a project and its workspace, from its root. Other projects among them do no harm. */
export function listManifests(root: string): readonly string[] {
  const manifests: string[] = []
  const walk = (path: string, depth: number): void => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      if (entry.name === 'package.json' && entry.isFile()) manifests.push(join(path, entry.name))
      const isFolder = entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name)
      if (isFolder && depth < DEPTH) walk(join(path, entry.name), depth + 1)
    }
  }
  walk('', 0)
  return manifests
}
