import { describeThrown } from '../errors/describe-thrown.ts'
import type { Logger } from '../log/logger.ts'
import { currentRequest } from '../process/log/current-call.ts'

/**
 * Logs errors that no code can catch, such as in a timer of predict, and keeps the process alive. Returns a function
 * that leaves them to Node again.
 *
 * Node's advice is to exit, since an exception may have interrupted anything. Here it interrupts a callback of the
 * predictor: the server's own code runs inside boundaries. Exiting would let one caller with one bad input end every
 * other call.
 */
export function catchStrays(logger: Logger): () => void {
  const onRejection = (reason: unknown) => report(logger, 'a promise was rejected and no code awaits it', reason)
  const onException = (error: unknown) => report(logger, 'an exception was thrown where no code can catch it', error)
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
