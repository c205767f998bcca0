import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../auth/tokens/_files.ts'
import { ask, NOTHING, type ServedReplicas, serveReplicas } from './_replicas.ts'

/** Stops one of the replicas; what it holds stays as it is. */
function freeze({ engine }: ServedReplicas): { readonly pid: number; thaw(): void } {
  const pid = engine.replicas[0]?.pid ?? Number.NaN
  process.kill(pid, 'SIGSTOP')
  const thaw = () => void process.kill(pid, 'SIGCONT')
  onTestFinished(() => {
    try {
      thaw()
    } catch {
      // It is gone.
    }
  })
  return { pid, thaw }
}

const ids = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}-${index}`)
const begun = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').sort()

/** A process that was stopped takes a while to be heard of again where others want the processors, too. */
const PATIENT = { timeout: 120_000 }

describe('a replica that stands still', () => {
  it('loses the calls it never began to the other one; none is begun twice when it goes on', PATIENT, async () => {
    const served = await serveReplicas('recording.js', { workers: 2, requestTimeout: '60s' })
    const file = join(temporaryFolder(), 'begun')
    const send = async (id: string) => {
      const response = await ask(served, { file, id })
      return { status: response.status, ...((await response.json()) as { pid: number }) }
    }
    await Promise.all(ids(4, 'before').map(send))
    const { pid, thaw } = freeze(served)
    const answers = await Promise.all(ids(20, 'while').map(send))
    expect(answers.filter(answer => answer.status !== 200 || answer.pid === pid)).toEqual([])
    // Nobody is sent there any more: what is known now is not found out again.
    expect(served.engine.replicas.map(({ inFlight }) => inFlight)).toEqual([0, 0])
    thaw()
    // Both take calls again: the one that stood still, or the one that follows it where it stood still for too long.
    const used = async () => {
      const answers = await Promise.all(ids(4, `after-${Math.random()}`).map(send))
      return new Set(answers.map(answer => answer.pid)).size
    }
    await expect.poll(used, { timeout: 60_000 }).toBe(2)
    const known = begun(file).filter(id => !id.startsWith('after'))
    expect(known).toEqual([...ids(4, 'before'), ...ids(20, 'while')].sort())
    expect(served.engine.load).toEqual(NOTHING)
  })

  it('again and again under load: every call is begun once, and answered', { tags: ['slow'] }, async () => {
    const served = await serveReplicas('recording.js', { workers: 2, requestTimeout: '60s' })
    const file = join(temporaryFolder(), 'begun')
    let sent = 0
    let isOver = false
    const statuses = new Set<number>()
    const client = async (): Promise<void> => {
      while (!isOver) {
        sent += 1
        const response = await ask(served, { file, id: `call-${sent}`, wait: 2 })
        statuses.add(response.status)
        await response.arrayBuffer()
      }
    }
    const clients = Array.from({ length: 8 }, client)
    for (let round = 0; round < 12; round += 1) {
      const { thaw } = freeze(served)
      await new Promise(resolve => setTimeout(resolve, 100 * round))
      thaw()
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    isOver = true
    await Promise.all(clients)
    expect([...statuses]).toEqual([200])
    expect(begun(file)).toEqual(
      ids(sent, 'call')
        .map((_, index) => `call-${index + 1}`)
        .sort(),
    )
    expect(served.engine.load).toEqual(NOTHING)
  })
})
