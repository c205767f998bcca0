import type { SecretReader } from '../secret-reader.ts'

/**
 * Reads secrets where there are a process and a file system: Node, Deno, Bun. They are asked for and not imported, so
 * that this loads in any runtime; where they are missing, `{ env }` finds nothing and `{ file }` says why.
 */
export const platformSecrets: SecretReader = {
  environment: name => globalThis.process?.env?.[name],
  file: path => fileSystem().readFileSync(path, 'utf8'),
  fileVersion(path) {
    const { dev, ino, size, mtimeNs } = fileSystem().statSync(path, { bigint: true })
    return `${dev} ${ino} ${size} ${mtimeNs}`
  },
}

function fileSystem(): typeof import('node:fs') {
  const found = globalThis.process?.getBuiltinModule?.('node:fs')
  if (found === undefined) throw new Error('this runtime has no file system; give createApp a reader of secrets')
  return found
}
