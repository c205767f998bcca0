import { parentPort, workerData } from 'node:worker_threads'
import { StartupError } from 'incant'
import { type ReadSignaturesOptions, readSignatures } from '../signature/read-signatures.ts'
import type { TypesMessage } from './read-types.ts'

function read(options: ReadSignaturesOptions): TypesMessage {
  try {
    return { reading: readSignatures(options) }
  } catch (error) {
    if (!StartupError.is(error)) throw error
    const { code, found, instead, location } = error
    return {
      refused: {
        code,
        found,
        ...(instead === undefined ? {} : { instead }),
        ...(location === undefined ? {} : { location }),
      },
    }
  }
}

// The worker's data is what readTypes gave it.
parentPort?.postMessage(read(workerData as ReadSignaturesOptions))
