import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { StartupError } from 'incant/internal/signature'

/**
 * A package that only some people need, from the current folder or from where the command is installed.
 *
 * @throws {StartupError} `peer_missing`
 */
export async function loadPeer<Module>(name: string): Promise<Module> {
  for (const place of [join(process.cwd(), 'index.js'), import.meta.url]) {
    const path = resolveFrom(place, name)
    // The caller knows what the package exports.
    if (path !== undefined) return (await import(pathToFileURL(path).href)) as Module
  }
  throw new StartupError({
    code: 'peer_missing',
    found: `${name} is not installed`,
    instead: `Install it where you are: npm install ${name}`,
  })
}

function resolveFrom(place: string, name: string): string | undefined {
  try {
    return createRequire(place).resolve(name)
  } catch {
    return undefined
  }
}
