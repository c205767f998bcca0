import { parentPort } from 'node:worker_threads'
import { StartupError } from 'incant/internal/signature'
import { withCompilation } from '../signature/compiler/compiler.ts'
import { type ReadSignaturesOptions, readUnchecked } from '../signature/read-signatures.ts'
import type { TypesMessage } from './types-thread.ts'

async function read(options: ReadSignaturesOptions): Promise<TypesMessage> {
  try {
    const { reading, defaults } = readUnchecked(withCompilation, options)
    // The validator is loaded for the few files that need it.
    if (defaults.length > 0) (await import('../signature/types/check-defaults.ts')).checkDefaults(defaults)
    return { reading }
  } catch (error) {
    if (!StartupError.is(error)) throw error
    return { refused: error.problems }
  }
}

parentPort?.once('message', async (options: ReadSignaturesOptions) => parentPort?.postMessage(await read(options)))
