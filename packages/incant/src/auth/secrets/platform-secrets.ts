import { awaitAnswer } from '../../files/await-answer.ts'
import { fileSystem } from '../../files/node-modules.ts'
import { readRegular, readRegularSync, versionOf } from '../../files/regular-file.ts'
import type { SecretReader } from '../secret-reader.ts'

/**
 * Reads secrets where there are a process and a file system: Node, Deno, Bun. They are looked up and not imported, so
 * that this loads in any runtime; where they are missing, `{ env }` finds nothing and `{ file }` says why.
 */
export const platformSecrets: SecretReader = {
  environment: name => globalThis.process?.env?.[name],
  file: path => readRegularSync(path).text,
  // Asked at the start alone, and before the file is read.
  fileVersion(path) {
    awaitAnswer([path])
    return versionOf(fileSystem().statSync(path, { bigint: true }))
  },
  async readChanged(path, version) {
    const { stat } = fileSystem().promises
    if (versionOf(await stat(path, { bigint: true })) === version) return undefined
    const { text, found } = await readRegular(path)
    return { text, version: versionOf(found) }
  },
}
