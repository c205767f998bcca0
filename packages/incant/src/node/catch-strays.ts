import { describeThrown } from '../errors/describe-thrown.ts'
import type { Logger } from '../log/logger.ts'
import { currentRequestId } from './log/capture-console.ts'

/** What is thrown where nobody can catch it. */
export interface Strays {
  /** Settles at the first exception that comes from no call of predict. */
  readonly fatal: Promise<'fatal'>
  /** Leaves strays to Node again. */
  release(): void
}

/** Logs stray rejections and exceptions, under the request id of the call they come from if there is one. */
export function catchStrays(logger: Logger): Strays {
  let onFatal: (value: 'fatal') => void = () => {}
  const fatal = new Promise<'fatal'>(resolve => {
    onFatal = resolve
  })
  const onRejection = (reason: unknown) => report(logger, 'a promise was rejected and nobody awaits it', reason)
  const onException = (error: unknown) => {
    report(logger, 'an exception was thrown where nobody can catch it', error)
    if (currentRequestId() === undefined) onFatal('fatal')
  }
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  return {
    fatal,
    release() {
      process.off('unhandledRejection', onRejection)
      process.off('uncaughtException', onException)
    },
  }
}

function report(logger: Logger, message: string, thrown: unknown): void {
  logger.log('error', message, { requestId: currentRequestId(), error: describeThrown(thrown) })
}
