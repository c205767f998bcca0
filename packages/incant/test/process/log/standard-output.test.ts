import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const FLOODING = fileURLToPath(new URL('fixtures/flooding.js', import.meta.url))

/** A line of the fixture, or of what writes the log. */
interface Line {
  readonly msg: string
  readonly line?: number
  readonly reason?: string
  readonly lost?: number
}

/** What comes, through to these words. */
async function readThrough(stream: Iterable<string> | AsyncIterable<string>, words: string): Promise<string> {
  let received = ''
  for await (const chunk of stream) {
    received += chunk
    if (received.endsWith(words)) break
  }
  return received
}

describe('more lines than a reader takes', { tags: ['slow'] }, () => {
  it('are dropped, counted and said; never the lines of requests that failed', async () => {
    const child = fork(FLOODING, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    // Nothing is read before all of it is logged.
    await once(child, 'message')
    child.send('go on')
    const lines: Line[] = (await readThrough(child.stdout ?? [], '"msg":"last"}\n'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    child.send('end')
    const count = (message: string) => lines.filter(({ msg }) => msg === message).length
    expect([count('request'), count('predict failed'), count('last')]).toEqual([300, 300, 1])
    const gap = lines.find(({ msg }) => msg === 'the log could not be written for a while')
    expect(gap).toMatchObject({ level: 'warn', reason: 'slow_reader', lost: 30_000 - count('plain') })
    expect(gap?.lost).toBeGreaterThan(0)
    // Those that were kept are the first, in their order.
    const kept = lines.filter(({ msg }) => msg === 'plain').map(({ line }) => line)
    expect(kept).toEqual(kept.map((_, index) => index))
  })
})

it('a disk that is full is said once on standard error, and ends nothing', async () => {
  const full = openSync('/dev/full', 'w')
  const child = fork(FLOODING, { stdio: ['ignore', full, 'pipe', 'ipc'] })
  closeSync(full)
  await once(child, 'message')
  const complaints = text(child.stderr ?? Readable.from([]))
  child.send('end')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect(await complaints).toBe('incant: the log cannot be written (ENOSPC). It goes on when it can.\n')
})
