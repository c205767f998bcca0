import { StartupError } from 'incant/internal/signature'
import type { SignatureReading } from '../signature/read-signatures.ts'
import { askTypesThread, type TypesQuestion } from './types-thread.ts'

/**
 * Reads a predictor's signatures in a thread: the compiler's API blocks its thread until it is done, and the predictor
 * can be loaded meanwhile.
 *
 * @throws {StartupError} As {@link readSignatures} does.
 */
export async function readTypes(question: TypesQuestion): Promise<SignatureReading> {
  const message = await askTypesThread(question)
  if ('reading' in message) return message.reading
  const [first, ...others] = message.refused
  if (first === undefined) throw new Error('The reader of the types refused the file and gave no reason')
  throw new StartupError({ ...first, others })
}
