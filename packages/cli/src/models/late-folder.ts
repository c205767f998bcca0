import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** KServe has fetched the image by then: a shell in it has to start, and to make a link. In milliseconds. */
const LONGEST = 60_000
const BETWEEN = 100

/**
 * Waits for the folder of a model where KServe says with `MODEL_INIT_MODE=async` that it may come after the server has started. A folder
 * that does not come is for the reader of the folder to report.
 */
export async function waitForFolder(path: string, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (environment['MODEL_INIT_MODE'] !== 'async') return
  const end = performance.now() + LONGEST
  while (!existsSync(path) && performance.now() < end) await sleep(BETWEEN)
}
