import { readdirSync } from 'node:fs'
import { join, sep } from 'node:path'

/** The paths of all files below a folder, with slashes, sorted; links are not followed. */
export function listFiles(folder: string): readonly string[] {
  const files: string[] = []
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.isDirectory()) walk(below)
      else files.push(below)
    }
  }
  walk('')
  return files.sort(byCodeUnits)
}

/** A path with slashes, on every system. */
export function withSlashes(path: string): string {
  return path.split(sep).join('/')
}

/** An order that no locale changes. */
export function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

/** Whether a path is one of a file of a package. */
export function isPackageFile(path: string): boolean {
  return /(^|[\\/])node_modules[\\/]/.test(path)
}
