import { describeThrown } from '../errors/describe-thrown.ts'
import type { Logger } from '../log/logger.ts'

/** Runs what predict left for afterwards. A failure is a line of the log: the caller has an answer already. */
export async function runBackgroundTask(task: () => unknown, requestId: string, logger: Logger): Promise<void> {
  try {
    await task()
  } catch (thrown) {
    logger.log('error', 'a background task failed', { requestId, error: describeThrown(thrown) })
  }
}
