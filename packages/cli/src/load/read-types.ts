import { StartupError, type StartupErrorOptions } from 'incant'
import type { ReadSignaturesOptions, SignatureReading } from '../signature/read-signatures.ts'
import { takeTypesThread } from './types-thread.ts'

/** What the thread sends: errors lose their class and fields on the way, so they travel as data. */
export type TypesMessage = { readonly reading: SignatureReading } | { readonly refused: StartupErrorOptions }

/**
 * Reads a predictor's signatures in a thread: the compiler's API blocks its own until it is done, and the predictor can
 * be loaded meanwhile.
 *
 * @throws {StartupError} As {@link readSignatures} does.
 */
export async function readTypes(options: ReadSignaturesOptions): Promise<SignatureReading> {
  const { worker, failed } = takeTypesThread()
  const answer = new Promise<TypesMessage>(resolve => worker.once('message', resolve))
  worker.postMessage(options)
  const message = await Promise.race([answer, failed])
  if ('reading' in message) return message.reading
  throw new StartupError(message.refused)
}
