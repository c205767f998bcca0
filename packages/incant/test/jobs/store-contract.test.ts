import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Job, JobWebhook, NewJob } from '../../src/jobs/job.ts'
import { writeJob } from '../../src/jobs/job-document.ts'
import { MemoryStore } from '../../src/jobs/memory-store.ts'
import { openPostgresStore } from '../../src/jobs/postgres/open-postgres.ts'
import type { JobChange, JobStore } from '../../src/jobs/store.ts'
import { connectTo, hasPostgres, type PostgresServer, startPostgres } from './_postgres.ts'
import { hasSQLite, newSQLiteFile, openSQLite, removeSQLiteFiles } from './_sqlite.ts'

let starting: Promise<PostgresServer> | undefined
let databases = 0

/** Started by the first test that needs it. */
function postgres(): Promise<PostgresServer> {
  starting ??= startPostgres()
  return starting
}

async function createDatabase(): Promise<string> {
  databases += 1
  return (await postgres()).createDatabase(`database_${databases}`)
}

afterAll(async () => {
  removeSQLiteFiles()
  await (await starting)?.remove()
}, 60_000)

const DAY = 86_400_000
const KEEP = { outputs: DAY, jobs: DAY, waiting: DAY }
const HOOK: JobWebhook = { url: 'https://receiver.example/', events: ['start', 'output', 'logs', 'completed'] }

let jobs = 0

function newJob(job: Partial<NewJob> = {}): NewJob {
  jobs += 1
  const key = `key${String(jobs).padStart(6, '0')}`
  const nothing = {
    principal: undefined,
    version: undefined,
    metadata: undefined,
    webhook: undefined,
    lease: undefined,
  }
  const given = { owner: 'a', model: 'words', input: '{"text":"\\u0000"}', digest: 'd', origin: 'http://a', token: 't' }
  return { ...nothing, ...given, key, id: key, maxAttempts: 1, ...job }
}

interface StoreOfTest {
  readonly name: string
  readonly isThere: boolean
  /** Whether a server hears at once what another has changed. */
  readonly tells: boolean
  open(): Promise<readonly [JobStore, JobStore]>
}

const STORES: readonly StoreOfTest[] = [
  {
    name: 'memory',
    isThere: true,
    tells: true,
    open: async () => {
      const store = new MemoryStore()
      return [store, store]
    },
  },
  {
    name: 'SQLite, two servers on one file',
    isThere: hasSQLite,
    tells: false,
    open: async () => {
      const path = newSQLiteFile()
      return [await openSQLite(path), await openSQLite(path)]
    },
  },
  {
    name: 'PostgreSQL, two servers',
    isThere: hasPostgres,
    tells: true,
    open: async () => {
      const url = await createDatabase()
      return [await openPostgresStore(url, undefined), await openPostgresStore(url, undefined)]
    },
  },
]

test('the stores that this run is for are there', () => {
  const wanted = (process.env['STORES'] ?? '').split(',').filter(name => name !== '')
  const absent = STORES.filter(({ name, isThere }) => !isThere && wanted.some(word => name.startsWith(word)))
  expect(absent.map(({ name }) => name)).toEqual([])
})

describe.each(STORES)('$name', { tags: ['slow'], timeout: 60_000 }, ({ isThere, tells, open }) => {
  let one: JobStore
  let other: JobStore

  /** Before now by more than the clocks of two servers may differ, in milliseconds. */
  const PAST = -1000
  const lease = (holder: string, milliseconds = DAY) => ({ holder, until: one.now() + milliseconds })

  async function begin(job: Partial<NewJob> = {}, holder = 'front', milliseconds = DAY): Promise<Job> {
    const { job: created } = await one.create(newJob(job))
    const claimed = await one.claim({ lease: lease(holder, milliseconds), models: [created.model] })
    expect(claimed?.key).toBe(created.key)
    return claimed ?? created
  }

  beforeAll(async () => {
    if (isThere) [one, other] = await open()
  }, 120_000)

  afterAll(async () => {
    await one?.close()
    if (other !== one) await other?.close()
  })

  const check = test.runIf(isThere)

  check('a job is found by its key, and by the id of its owner; a known id gives the known job', async () => {
    const given = newJob({ id: 'mine', principal: { id: 'a', scopes: ['x'] }, metadata: '{"a":1}' })
    const { job, isNew } = await one.create(given)
    expect([isNew, job.status]).toEqual([true, 'starting'])
    expect(await other.get(given.key)).toEqual(job)
    expect(await other.find('a', 'mine')).toEqual(job)
    expect(await other.find('b', 'mine')).toBeUndefined()
    expect(await other.create(newJob({ id: 'mine' }))).toEqual({ job, isNew: false })
    expect((await other.create(newJob({ id: 'mine', owner: 'b' }))).isNew).toBe(true)
    await one.cancel(given.key)
  })

  check('a hundred submissions of one id are one job', async () => {
    const stores = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? one : other))
    const created = await Promise.all(stores.map(store => store.create(newJob({ id: 'same', model: 'same' }))))
    expect(created.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(new Set(created.map(({ job }) => job.key)).size).toBe(1)
  })

  check('jobs begin in their order, each once, where its model is', async () => {
    const model = 'ordered'
    const keys: string[] = []
    for (let job = 0; job < 30; job += 1) keys.push((await one.create(newJob({ model }))).job.key)
    expect(await one.claim({ lease: lease('front'), models: ['none'] })).toBeUndefined()
    expect(await one.claim({ lease: lease('front'), models: [] })).toBeUndefined()
    expect((await one.claim({ lease: lease('front'), models: ['none', model] }))?.key).toBe(keys[0])
    const claims = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 === 0 ? one : other).claim({ lease: lease(`front ${index % 2}`), models: [model] }),
      ),
    )
    const begun = claims.flatMap(job => job?.key ?? [])
    expect(new Set(begun).size).toBe(begun.length)
    expect([...begun].sort()).toEqual(keys.slice(1, 1 + begun.length).sort())
    // Those that two servers look at in one moment are left to the one that was first: the next look finds the rest.
    while ((await one.claim({ lease: lease('front'), models: [model] })) !== undefined) begun.push('')
    expect(begun).toHaveLength(29)
  })

  check('what a job produces is read from an item on, by everyone; only its front adds to it', async () => {
    const { key } = await begin({ model: 'items' })
    const items = (count: number) => ({ form: 'items', contentType: undefined, count, size: count }) as const
    expect(
      await one.append({ key, holder: 'front', output: items(2), data: '1\n"\\u0000"', logs: 'a\n', progress: 0.5 }),
    ).toBe(true)
    expect(await other.append({ key, holder: 'other', output: items(1), data: '9' })).toBe(false)
    expect(await one.append({ key, holder: 'front', output: items(1), data: '3', metrics: { n: 1 } })).toBe(true)
    expect(await other.readOutput(key, 0)).toEqual([
      { position: 0, count: 2, data: '1\n"\\u0000"' },
      { position: 2, count: 1, data: '3' },
    ])
    expect(await other.readOutput(key, 2)).toEqual([{ position: 2, count: 1, data: '3' }])
    const ended = await one.end({ key, holder: 'front', status: 'succeeded', returned: '4', logs: 'b\n' })
    expect(ended).toMatchObject({
      status: 'succeeded',
      logs: 'a\nb\n',
      returned: '4',
      progress: 0.5,
      metrics: { n: 1 },
    })
    expect(await one.end({ key, holder: 'front', status: 'failed' })).toBeUndefined()
    expect(await one.append({ key, holder: 'front', logs: 'late' })).toBe(false)
    expect(await other.get(key)).toEqual(ended)
    expect(JSON.parse(await writeJob(other, ended as Job))).toMatchObject({
      output: [1, '\u0000', 3],
      status: 'succeeded',
    })
  })

  check('bytes stay bytes', async () => {
    const { key } = await begin({ model: 'bytes' })
    const data = Uint8Array.of(0, 255, 10, 13)
    const output = { form: 'bytes', contentType: 'image/png', count: 1, size: 4 } as const
    await one.end({ key, holder: 'front', status: 'succeeded', output, data })
    const [part] = await other.readOutput(key, 0)
    expect(part?.data instanceof Uint8Array && [...part.data]).toEqual([0, 255, 10, 13])
  })

  check('a job is canceled at once where it waits, asked where it runs, and left where it is over', async () => {
    const { job: waiting } = await one.create(newJob({ model: 'canceled' }))
    expect(await other.cancel(waiting.key)).toMatchObject({ status: 'canceled' })
    expect(await one.claim({ lease: lease('front'), models: ['canceled'] })).toBeUndefined()
    const { key } = await begin({ model: 'canceled' }, 'canceling')
    expect(await other.cancel(key)).toMatchObject({ status: 'processing', cancelRequested: true })
    expect(await one.renew(lease('canceling'))).toEqual([{ key, isRunning: true, cancelRequested: true }])
    await one.end({ key, holder: 'canceling', status: 'canceled' })
    expect(await other.cancel(key)).toMatchObject({ status: 'canceled' })
    expect(await one.cancel('unknown')).toBeUndefined()
    expect(await one.renew(lease('canceling'))).toEqual([])
  })

  check('the jobs of a front that is gone fail, or begin again where they may', async () => {
    const lost = await begin({ model: 'lost' }, 'gone', PAST)
    const again = await begin({ model: 'again', maxAttempts: 2 }, 'gone', PAST)
    const output = { form: 'items', contentType: undefined, count: 1, size: 1 } as const
    await one.append({ key: again.key, holder: 'gone', output, data: '1', logs: 'a' })
    const alive = await begin({ model: 'alive' }, 'alive')
    expect(await other.recover('gone')).toBe(0)
    expect(await other.recover('other')).toBe(2)
    expect(await one.get(lost.key)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } })
    expect(await one.get(again.key)).toMatchObject({ status: 'starting', logs: '', attempts: 1 })
    expect(await one.readOutput(again.key, 0)).toEqual([])
    expect(await one.get(alive.key)).toMatchObject({ status: 'processing' })
    expect(await one.end({ key: lost.key, holder: 'gone', status: 'succeeded' })).toBeUndefined()
    expect(await other.claim({ lease: lease('other', PAST), models: ['again'] })).toMatchObject({ attempts: 2 })
    expect(await one.recover('front')).toBe(1)
    expect(await one.get(again.key)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } })
    await one.end({ key: alive.key, holder: 'alive', status: 'succeeded' })
  })

  check(
    'a lease that was renewed is not over, and one of an input that is not stored counts before it begins',
    async () => {
      const { key } = await begin({ model: 'renewed' }, 'renewing', PAST)
      expect(await one.renew(lease('renewing'))).toEqual([{ key, isRunning: true, cancelRequested: false }])
      expect(await other.recover('other')).toBe(0)
      await one.end({ key, holder: 'renewing', status: 'succeeded' })
      const kept = newJob({ model: 'kept', input: undefined, lease: lease('owner') })
      await one.create(kept)
      expect(await other.claim({ lease: lease('other'), models: ['kept'] })).toBeUndefined()
      expect(await one.claim({ lease: lease('owner', PAST), models: ['kept'] })).toMatchObject({
        key: kept.key,
        input: undefined,
      })
      expect(await other.recover('other')).toBe(1)
      expect(await one.get(kept.key)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } })
    },
  )

  check('a job that was put back waits again, if it may', async () => {
    const { key } = await begin({ model: 'back' })
    expect(await one.putBack({ key, holder: 'front', hasBegun: true })).toBe(false)
    expect(await one.putBack({ key, holder: 'front', hasBegun: false })).toBe(true)
    expect(await other.claim({ lease: lease('other'), models: ['back'] })).toMatchObject({ key, attempts: 1 })
    await other.end({ key, holder: 'other', status: 'succeeded' })
  })

  check('what is too old is removed, but not before its webhook was sent', async () => {
    const waiting = (await one.create(newJob({ model: 'old' }))).job.key
    const { key } = await begin({ model: 'sweeping', webhook: { ...HOOK, events: ['completed'] } })
    const output = { form: 'value', contentType: undefined, count: 1, size: 1 } as const
    await one.end({ key, holder: 'front', status: 'succeeded', output, data: '1' })
    const before = await one.sweep(KEEP)
    expect(before).toBe(0)
    await one.sweep({ ...KEEP, waiting: -1000 })
    expect(await one.get(waiting)).toMatchObject({ status: 'failed', error: { code: 'expired' } })
    await one.sweep({ ...KEEP, outputs: -1000, jobs: -1000 })
    expect(await one.get(waiting)).toBeUndefined()
    expect(await one.readOutput(key, 0)).toHaveLength(1)
    const [row] = await one.claimWebhooks({ lease: lease('front'), limit: 9 })
    await one.settleWebhook({ id: row?.id ?? '', holder: 'front', outcome: { kind: 'delivered' } })
    await one.sweep({ ...KEEP, outputs: -1000 })
    expect(await one.get(key)).toMatchObject({ isDataRemoved: true, input: undefined, status: 'succeeded' })
    expect(await one.readOutput(key, 0)).toEqual([])
    await one.sweep({ ...KEEP, jobs: -1000 })
    expect(await one.get(key)).toBeUndefined()
  })

  check('jobs are listed by owner and state, the newest first, page by page', async () => {
    const owner = 'lister'
    const keys: string[] = []
    for (let job = 0; job < 5; job += 1) keys.push((await one.create(newJob({ owner, model: 'listed' }))).job.key)
    const { job } = await one.create(newJob({ owner: 'another', model: 'listed' }))
    await one.cancel(keys[2] ?? '')
    const list = async (query: { before?: string; status?: 'canceled'; limit?: number }) =>
      (await other.list({ owner, limit: 10, ...query })).map(({ key }) => key)
    expect(await list({})).toEqual([...keys].reverse())
    expect(await list({ limit: 2 })).toEqual([keys[4], keys[3]])
    expect(await list({ before: keys[3] ?? '', limit: 2 })).toEqual([keys[2], keys[1]])
    expect(await list({ status: 'canceled' })).toEqual([keys[2]])
    expect((await other.list({ limit: 1 })).map(({ key }) => key)).toEqual([job.key])
    expect((await other.list({ owner, limit: 1 }))[0]).toMatchObject({ input: undefined, logs: '' })
    for (const key of keys) await one.cancel(key)
  })

  check('webhooks are written with their transitions, and given out one of a job at a time', async () => {
    const { key } = await begin({ model: 'reported', webhook: HOOK })
    const output = { form: 'items', contentType: undefined, count: 1, size: 1 } as const
    for (const data of ['1', '2']) await one.append({ key, holder: 'front', output, data, events: ['output'] })
    await one.end({ key, holder: 'front', status: 'succeeded' })
    expect((await one.get(key))?.webhookDelivery).toMatchObject({ status: 'pending', attempts: 0 })
    expect(await one.count()).toMatchObject({ webhooks: 3 })
    const claim = async (holder: string, store = one) => store.claimWebhooks({ lease: lease(holder), limit: 9 })
    const [start, ...more] = await claim('front')
    expect(start).toMatchObject({ id: `msg_${key}_1`, sequence: 1, event: 'start', attempts: 0 })
    expect([more, await claim('other', other)]).toEqual([[], []])
    const outcome = { kind: 'delivered' } as const
    expect(await other.settleWebhook({ id: start?.id ?? '', holder: 'other', outcome })).toBe(false)
    expect(await one.settleWebhook({ id: start?.id ?? '', holder: 'front', outcome })).toBe(true)
    // Each server has the clock of the database from its own last look: that of the other one may be behind by some of its ticks.
    const progress = await vi.waitFor(
      async () => {
        const [next] = await claim('other', other)
        expect(next).toBeDefined()
        return next
      },
      { timeout: 20_000 },
    )
    expect(progress).toMatchObject({ event: 'output', snapshot: { status: 'processing', items: 2, logs: 0 } })
    await other.settleWebhook({ id: progress?.id ?? '', holder: 'other', outcome: { kind: 'givenUp', failure: 'no' } })
    const [completed] = await claim('front')
    expect(completed).toMatchObject({ event: 'completed', sequence: 3, snapshot: { status: 'succeeded', items: 2 } })
    const retry = { kind: 'retry', due: one.now() + PAST, failure: 'no answer' } as const
    await one.settleWebhook({ id: completed?.id ?? '', holder: 'front', outcome: retry })
    expect((await other.get(key))?.webhookDelivery).toEqual({
      status: 'pending',
      attempts: 1,
      nextAttemptAt: retry.due,
      failure: 'no answer',
    })
    const [second] = await other.claimWebhooks({ lease: lease('other', PAST), limit: 9 })
    expect(second).toMatchObject({ id: completed?.id, attempts: 1 })
    // The lease of a front that is gone ends.
    const [third] = await claim('front')
    expect(third?.id).toBe(completed?.id)
    expect(await other.settleWebhook({ id: third?.id ?? '', holder: 'other', outcome })).toBe(false)
    await one.settleWebhook({ id: third?.id ?? '', holder: 'front', outcome: { ...retry, due: one.now() + DAY } })
    expect(await claim('front')).toEqual([])
    expect((await other.get(key))?.webhookDelivery).toMatchObject({ status: 'pending', attempts: 2 })
    expect(await one.count()).toMatchObject({ webhooks: 1 })
  })

  check('changes are told, here and in the other server', async () => {
    const changes: JobChange[] = []
    const ends = [one, other].map(store => store.watch(change => changes.push(change)))
    const { key } = await begin({ model: 'watched', webhook: { ...HOOK, events: ['completed'] } })
    await one.end({ key, holder: 'front', status: 'succeeded' })
    const count = tells ? 2 : 1
    await vi.waitFor(() => expect(changes.filter(({ kind }) => kind === 'webhook')).toHaveLength(count), {
      timeout: 10_000,
    })
    expect(changes.every(change => change.key === key)).toBe(true)
    for (const end of ends) end()
    const told = changes.length
    await one.create(newJob({ model: 'watched' }))
    expect(changes).toHaveLength(told)
  })
})

describe.runIf(hasPostgres)('PostgreSQL', { tags: ['slow'], timeout: 60_000 }, () => {
  test('a store that cannot be opened says which, why, and what to do, without the password', async () => {
    const { port } = new URL((await postgres()).url)
    const open = (url: string) => openPostgresStore(url, undefined)
    const absent = open(`postgres://incant:secret@127.0.0.1:${port}/absent?password=secret`)
    const name = `the store of jobs postgres://incant@127.0.0.1:${port}/absent`
    await expect(absent).rejects.toMatchObject({
      code: 'jobs_store',
      found: `${name} cannot be opened: database "absent" does not exist`,
    })
    await expect(open('postgres://incant@127.0.0.1:1/a')).rejects.toMatchObject({
      found: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('tables of another version are left alone', async () => {
    const url = await createDatabase()
    const store = await openPostgresStore(url, undefined)
    await store.close()
    const client = connectTo(url)
    await client.connect()
    await client.query('update incant_jobs_version set version = 2')
    await client.end()
    await expect(openPostgresStore(url, undefined)).rejects.toMatchObject({
      code: 'jobs_store',
      found: expect.stringMatching(/is of version 2, and this version of Incant reads version 1$/),
    })
  })

  test('two servers that start at once make the tables once', async () => {
    const url = await createDatabase()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore(url, undefined)))
    for (const store of stores) await store.close()
  })

  test('a database that goes away is unavailable, and is found again', async () => {
    const url = await createDatabase()
    const store = await openPostgresStore(url, undefined)
    const { job } = await store.create(newJob())
    await (await postgres()).stop()
    await expect(store.create(newJob())).rejects.toMatchObject({ name: 'StoreUnavailable' })
    await (await postgres()).start()
    expect(await store.get(job.key)).toEqual(job)
    await store.close()
  })
})
