import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { LastUseLog, readLastUses } from '../../../src/auth/tokens/last-use.ts'
import { silentLogger } from '../../../src/log/logger.ts'
import { eventually } from '../../node/_served.ts'
import { temporaryFolder } from './_files.ts'

const newPath = () => join(temporaryFolder(), 'tokens.json')

describe('the last uses of tokens', () => {
  it('are those of all servers that share a file', async () => {
    const path = newPath()
    const [one, other] = [new LastUseLog(path, silentLogger), new LastUseLog(path, silentLogger)]
    const now = Date.now()
    for (let round = 0; round < 10; round += 1) {
      one.note(`one${round}`, now)
      other.note(`other${round}`, now)
      one.note('both', now + round)
      other.note('both', now - round)
      await Promise.all([one.flush(), other.flush()])
    }
    await Promise.all([one.close(), other.close()])
    const uses = await readLastUses(path)
    expect(uses.size).toBe(21)
    expect(uses.get('both')).toBe(now + 9)
  })

  it('are written once a minute, and only what is new', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const path = newPath()
    const log = new LastUseLog(path, silentLogger)
    onTestFinished(() => log.close())
    const now = Date.now()
    log.note('a', now)
    vi.advanceTimersByTime(59_000)
    expect(log.noted.size).toBe(1)
    vi.advanceTimersByTime(1000)
    await eventually(() => log.noted.size === 0)
    expect(await readLastUses(path)).toEqual(new Map([['a', now]]))
  })

  it('are forgotten after a year, and so is a file of them that is broken', async () => {
    const path = newPath()
    const [now, long] = [Date.now(), Date.now() - 367 * 86_400_000]
    writeFileSync(`${path}.last-use`, '{"version":1,"lastUsed":')
    expect(await readLastUses(path)).toEqual(new Map())
    const log = new LastUseLog(path, silentLogger)
    log.note('a', now)
    log.note('b', long)
    await log.close()
    expect(await readLastUses(path)).toEqual(new Map([['a', now]]))
  })
})
