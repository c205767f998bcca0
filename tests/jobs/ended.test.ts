import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { countBegins, expectStores, STORES, TestServers } from './_servers.ts'

expectStores()

describe.each(STORES)('%s', (_name, isThere, open) => {
  const servers = new TestServers(open)
  const start = servers.start.bind(servers)
  afterEach(() => servers.remove())

  test.runIf(isThere)(
    'a server that is asked to end finishes its jobs, puts back what may begin again, and keeps what waits',
    async () => {
      const first = await start({ gracePeriod: '1s' })
      const file = join(servers.place?.folder ?? '', 'begins')
      const submit = (model: 'once' | 'again', name: string, milliseconds: number) =>
        first.client(model).submit({ name, file, milliseconds }, { id: name })
      // These take every place of their model.
      const long = Array.from({ length: 8 }, (_, index) => `long-${index}`)
      for (const name of long) await submit('once', name, 60_000)
      await first
        .client('again')
        .submit({ name: 'repeated', file, milliseconds: 10, first: 60_000 }, { id: 'repeated' })
      await expect.poll(() => countBegins(file).size).toBe(9)
      for (const name of ['waiting-1', 'waiting-2']) await submit('once', name, 10)
      await submit('again', 'short', 300)
      await expect.poll(() => countBegins(file).size).toBe(10)
      // Something was cut off, and the log says so.
      expect(await first.end('SIGTERM')).toBe(1)
      expect(await first.log).toMatch(/cut/)
      const second = await start()
      expect(await second.look('short')).toMatchObject({ status: 'succeeded', output: 'short' })
      for (const name of long)
        expect(await second.look(name)).toMatchObject({ status: 'failed', error_code: 'interrupted' })
      for (const name of ['repeated', 'waiting-1', 'waiting-2'])
        expect(await second.client('again').wait(name)).toMatchObject({ status: 'succeeded', output: name })
      expect(await second.end('SIGTERM')).toBe(0)
      const counts = countBegins(file)
      expect(counts.get('repeated')).toBe(2)
      expect([...counts].filter(([name, count]) => name !== 'repeated' && count > 1)).toEqual([])
    },
  )

  test.runIf(isThere)(
    'inputs that are kept out of the store are lost with their server, and their jobs end',
    async () => {
      const first = await start({ jobsStoreInput: 'off' })
      const file = join(servers.place?.folder ?? '', 'begins')
      const names = Array.from({ length: 9 }, (_, index) => `job-${index}`)
      for (const name of names) await first.client('again').submit({ name, file, milliseconds: 60_000 }, { id: name })
      await expect.poll(() => countBegins(file).size).toBe(8)
      await first.end('SIGKILL')
      const second = await start({ jobsStoreInput: 'off' })
      for (const name of names) {
        await second.client('again').wait(name)
        expect(await second.look(name)).toMatchObject({ status: 'failed', error_code: 'interrupted' })
      }
      expect([...countBegins(file).values()]).toEqual(Array.from({ length: 8 }, () => 1))
    },
  )

  test.runIf(isThere)('while the store is away submissions are refused, and what runs is not lost', async () => {
    const server = await start()
    const file = join(servers.place?.folder ?? '', 'begins')
    const submit = (name: string, milliseconds: number) =>
      server.client('once').submit({ name, file, milliseconds }, { id: name, retry: false })
    await submit('running', 3000)
    await expect.poll(() => countBegins(file).size).toBe(1)
    const giveBack = await servers.place?.takeAway()
    // Longer than a transaction waits for a lock, and than the job runs.
    const refused = await fetch(`${server.url}/predictions/refused`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: JSON.stringify({ model: 'once', input: { name: 'refused', file, milliseconds: 1 } }),
    })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)])
    expect(await refused.json()).toMatchObject({ code: 'unavailable', detail: 'The store of jobs does not answer.' })
    await giveBack?.()
    expect(await server.client('once').wait('running')).toMatchObject({ status: 'succeeded', output: 'running' })
    await submit('later', 1)
    expect(await server.client('once').wait('later')).toMatchObject({ status: 'succeeded' })
    expect([...countBegins(file)]).toEqual([
      ['running', 1],
      ['later', 1],
    ])
  })
})
