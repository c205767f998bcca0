import type * as FileSystem from 'node:fs'
import type * as Path from 'node:path'

/** Node's file system. It is asked for and not imported, so that `incant/auth` loads where there is none. */
export function fileSystem(): typeof FileSystem {
  return globalThis.process?.getBuiltinModule?.('node:fs') ?? refuse()
}

/** Node's paths, in the same way. */
export function paths(): typeof Path {
  return globalThis.process?.getBuiltinModule?.('node:path') ?? refuse()
}

function refuse(): never {
  throw new Error('this runtime has no file system; give the tokens from a store of your own')
}
