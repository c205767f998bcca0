import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The nearest `name` in a folder or those above it. */
export function findUpwards(directory: string, name: string): string | undefined {
  const path = join(directory, name)
  if (existsSync(path)) return path
  const parent = dirname(directory)
  return parent === directory ? undefined : findUpwards(parent, name)
}
