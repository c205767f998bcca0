import { dirname } from 'node:path'
import { findUpwards } from '../../files/find-upwards.ts'
import { readPackage } from './project.ts'

/** The origin of a symbol: the standard library or Node's types, this SDK, or any other code. */
export type Origin = 'standard' | 'incant' | 'user'

/** The compiler's own `lib.*.d.ts`, or a replacement for one (`@typescript/lib-dom`), and Node's types. */
const STANDARD =
  /\/node_modules\/(?:(?:typescript|@typescript\/[^/]+)\/(?:.*\/)?lib\.[\w.]+\.d\.ts$|@typescript\/lib-|(?:@types\/node|undici-types|buffer)\/)/
const packageNames = new Map<string, string | undefined>()

/** The members of a symbol that its origin depends on. */
interface DeclaredSymbol {
  readonly declarations: readonly { readonly path: string }[]
}

/** Where a symbol comes from, by the files of its declarations, through any alias, re-export or copy of a package. */
export function originOf(symbol: DeclaredSymbol): Origin {
  const origins = symbol.declarations.map(({ path }) => originOfFile(path))
  if (origins.includes('standard')) return 'standard'
  return origins.includes('incant') ? 'incant' : 'user'
}

const fileOrigins = new Map<string, Origin>()

function originOfFile(path: string): Origin {
  const known = fileOrigins.get(path)
  if (known !== undefined) return known
  const origin = isStandard(path) ? 'standard' : packageNameOf(path) === 'incant' ? 'incant' : 'user'
  fileOrigins.set(path, origin)
  return origin
}

/** Whether a path belongs to the standard library or Node's types. */
export function isStandard(path: string): boolean {
  return STANDARD.test(path)
}

/** Whether a path belongs to an installed package or the standard library, and not to the user. */
export function isForeign(path: string): boolean {
  return isStandard(path) || path.includes('/node_modules/')
}

/** The name of the package that a file belongs to. */
export function packageNameOf(path: string): string | undefined {
  const directory = dirname(path)
  if (!packageNames.has(directory)) packageNames.set(directory, readPackageName(directory))
  return packageNames.get(directory)
}

function readPackageName(directory: string): string | undefined {
  const manifest = findUpwards(directory, 'package.json')
  if (manifest === undefined) return undefined
  const { name } = readPackage(manifest)
  // `dist/package.json` with only a "type" in it is common.
  return name ?? readPackageName(dirname(dirname(manifest)))
}
