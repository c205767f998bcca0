import { Worker } from 'node:worker_threads'
import { StartupError, type StartupErrorOptions } from 'incant'
import type { ReadSignaturesOptions, SignatureReading } from '../signature/read-signatures.ts'

/** What the worker sends: errors lose their class and fields when they cross threads, so they travel as data. */
export type TypesMessage = { readonly reading: SignatureReading } | { readonly refused: StartupErrorOptions }

/**
 * Reads a predictor's signatures in a thread: the compiler's API blocks its own until it is done, and the module can
 * be loaded meanwhile.
 *
 * @throws {StartupError} As {@link readSignatures} does.
 */
export async function readTypes(options: ReadSignaturesOptions): Promise<SignatureReading> {
  const worker = new Worker(new URL('./read-types-worker.js', import.meta.url), { workerData: options })
  const message = await new Promise<TypesMessage>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  if ('reading' in message) return message.reading
  throw new StartupError(message.refused)
}
