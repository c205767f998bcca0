import { StartupError } from 'incant/signature'
import type { SignatureReading } from '../signature/read-signatures.ts'
import { askTypesThread, type TypesQuestion } from './types-thread.ts'

/**
 * Reads a predictor's signatures in a thread: the compiler's API blocks its own until it is done, and the predictor can
 * be loaded meanwhile.
 *
 * @throws {StartupError} As {@link readSignatures} does.
 */
export async function readTypes(question: TypesQuestion): Promise<SignatureReading> {
  const message = await askTypesThread(question)
  if ('reading' in message) return message.reading
  throw new StartupError(message.refused)
}
