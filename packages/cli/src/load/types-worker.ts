import { parentPort } from 'node:worker_threads'
import { StartupError } from 'incant/internal/signature'
import { type ReadSignaturesOptions, readSignatures } from '../signature/read-signatures.ts'
import type { TypesMessage } from './types-thread.ts'

function read(options: ReadSignaturesOptions): TypesMessage {
  try {
    return { reading: readSignatures(options) }
  } catch (error) {
    if (!StartupError.is(error)) throw error
    return { refused: error.problems }
  }
}

parentPort?.once('message', (options: ReadSignaturesOptions) => parentPort?.postMessage(read(options)))
