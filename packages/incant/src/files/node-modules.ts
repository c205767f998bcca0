import type * as FileSystem from 'node:fs'
import type * as OperatingSystem from 'node:os'
import type * as Path from 'node:path'
import type * as Threads from 'node:worker_threads'

/** Node's file system. It is looked up and not imported, so that `incant/auth` loads where there is none. */
export function fileSystem(): typeof FileSystem {
  return globalThis.process?.getBuiltinModule?.('node:fs') ?? refuse()
}

/** Node's paths, in the same way. */
export function paths(): typeof Path {
  return globalThis.process?.getBuiltinModule?.('node:path') ?? refuse()
}

/** What Node knows of the machine, in the same way. */
export function operatingSystem(): typeof OperatingSystem {
  return globalThis.process?.getBuiltinModule?.('node:os') ?? refuse()
}

/** Node's threads, in the same way. Undefined: there are none. */
export function threads(): typeof Threads | undefined {
  return globalThis.process?.getBuiltinModule?.('node:worker_threads')
}

function refuse(): never {
  throw new Error('this runtime has no file system; give createApp a reader of secrets, and tokens from a store')
}
