import { setTimeout as sleep } from 'node:timers/promises'
import { paint } from '../terminal/text.ts'
import { draw } from './draw.ts'
import { readMetrics } from './read-metrics.ts'
import type { TopSettings } from './settings.ts'
import { pictureOf } from './watch.ts'

/** As wide as it needs to be, and as long. */
const SIZE = { columns: 1000, rows: Number.POSITIVE_INFINITY }

/**
 * One plain report of what happened in one interval.
 *
 * @throws {ConnectionFailure} Where one of the two readings fails.
 */
export async function reportServer(settings: TopSettings): Promise<string> {
  const { signal } = new AbortController()
  const before = await readMetrics(settings, signal)
  await sleep(settings.interval)
  const after = await readMetrics(settings, signal)
  const lines = draw(pictureOf(settings, { readings: { before, after }, failure: undefined }), SIZE)
  return `${lines.map(line => paint(line, false)).join('\n')}\n`
}
