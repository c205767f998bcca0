import { describeThrown } from '../errors/describe-thrown.ts'
import type { Logger } from '../log/logger.ts'
import { currentRequest } from '../process/log/current-call.ts'

/**
 * Logs what is thrown where nobody can catch it, such as in a timer of predict, and keeps the process alive. Returns
 * what leaves strays to Node again.
 *
 * Node's advice is to exit, since an exception may have interrupted anything. Here it interrupts a callback of the
 * predictor's: what the server itself does runs inside boundaries of its own. To exit would let one caller with one bad
 * input end every other call.
 */
export function catchStrays(logger: Logger): () => void {
  const onRejection = (reason: unknown) => report(logger, 'a promise was rejected and nobody awaits it', reason)
  const onException = (error: unknown) => report(logger, 'an exception was thrown where nobody can catch it', error)
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  return () => {
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
  }
}

function report(logger: Logger, message: string, thrown: unknown): void {
  logger.log('error', message, { ...currentRequest(), error: describeThrown(thrown) })
}
