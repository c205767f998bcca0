import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { findFreePort } from '../free-port.ts'
import { countBegins, expectStores, listenForWebhooks, type SeenJob, STORES, seeded, TestServers } from './_servers.ts'

/** How often the server is killed, and under how many jobs. */
const KILLS = 50
const JOBS = 500

/** Callers that submit jobs side by side. */
const CALLERS = 8

/** Milliseconds after it was ready at which a server is killed at the latest, and that a job takes at most. */
const LONGEST_LIFE = 300
const LONGEST_JOB = 60

const SEED = Number(process.env['SEED'] ?? 20_261_127)

expectStores()

describe.each(STORES)('%s', (_name, isThere, open) => {
  const servers = new TestServers(open)
  const start = servers.start.bind(servers)
  afterEach(() => servers.remove())

  test.runIf(isThere)(
    `a server that is killed ${KILLS} times loses no job and begins none twice (seed ${SEED})`,
    async () => {
      const random = seeded(SEED)
      const port = await findFreePort()
      const { url: webhook, received, server: receiver } = await listenForWebhooks()
      let server = await start({ port })
      const file = join(servers.place?.folder ?? '', 'begins')
      let kills = 0
      const works = Array.from({ length: JOBS }, (_, index) => ({
        name: `job-${index}`,
        model: index % 2 === 0 ? ('once' as const) : ('again' as const),
        milliseconds: Math.ceil(random() * LONGEST_JOB),
      }))
      const waiting = [...works.entries()]
      const submitAll = async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const [index, { name, model, milliseconds }] = next
          // As many for each of its lives.
          while (index > ((kills + 1) * JOBS) / KILLS) await sleep(5)
          await submitUntilTaken(() =>
            server
              .client(model)
              .submit({ name, file, milliseconds }, { id: name, webhook, webhookEvents: ['completed'], retry: false }),
          )
        }
      }
      const submitting = Promise.all(Array.from({ length: CALLERS }, submitAll))
      for (; kills < KILLS; kills += 1) {
        await sleep(random() * LONGEST_LIFE)
        await server.end('SIGKILL')
        server = await start({ port })
      }
      await submitting
      const ended = new Map<string, SeenJob>()
      for (const { name } of works) {
        await server.client('once').wait(name)
        ended.set(name, await server.look(name))
      }
      await expect.poll(() => received.size, { timeout: 60_000 }).toBe(JOBS)
      receiver.close()
      const begins = countBegins(file)
      const wrong = works.filter(({ name, model }) => {
        const job = ended.get(name)
        const begun = begins.get(name) ?? 0
        const most = model === 'once' ? 1 : 3
        const isRight =
          job?.status === 'succeeded'
            ? job.output === name && begun >= 1 && begun <= most
            : job?.error_code === 'interrupted' && begun <= most
        return !isRight
      })
      expect(wrong.map(({ name }) => [ended.get(name), begins.get(name)])).toEqual([])
      for (const [name, { ids, states }] of received)
        expect([name, ids.size, [...states]]).toEqual([name, 1, [ended.get(name)?.status]])
      // The kills have hit jobs that ran, of which some began again.
      expect([...ended.values()].filter(({ status }) => status === 'failed').length).toBeGreaterThan(0)
      expect([...begins.values()].some(count => count > 1)).toBe(true)
      console.log(describeOutcome([...ended.values()], begins))
    },
  )

  test.runIf(isThere)('of two servers on one store one is killed: the other has its jobs within 30 s', async () => {
    const first = await start()
    const file = join(servers.place?.folder ?? '', 'begins')
    const names = Array.from({ length: 8 }, (_, index) => `job-${index}`)
    for (const name of names)
      await first.client('again').submit({ name, file, milliseconds: 10, first: 60_000 }, { id: name })
    await expect.poll(() => countBegins(file).size).toBe(names.length)
    const second = await start()
    await first.end('SIGKILL')
    await expect
      .poll(() => [...countBegins(file).values()], { timeout: 30_000, interval: 50 })
      .toEqual(names.map(() => 2))
    for (const name of names) expect(await second.client('again').wait(name)).toMatchObject({ status: 'succeeded' })
    expect([...countBegins(file).values()]).toEqual(names.map(() => 2))
  })
})

/** As a caller does that gets no answer: the id makes the second attempt the same job. */
async function submitUntilTaken(submit: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const isTaken = await submit().then(
      () => true,
      () => false,
    )
    if (isTaken) return
    await sleep(20)
  }
}

function describeOutcome(jobs: readonly SeenJob[], begins: ReadonlyMap<string, number>): string {
  const interrupted = jobs.filter(({ status }) => status === 'failed').length
  const repeated = [...begins.values()].filter(count => count > 1).length
  return `${jobs.length - interrupted} succeeded, ${interrupted} interrupted, ${repeated} begun again`
}
