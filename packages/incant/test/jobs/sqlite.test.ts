import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { NewJob } from '../../src/jobs/job.ts'
import { prepareTables } from '../../src/jobs/sql/schema.ts'
import { SQLStore } from '../../src/jobs/sql/sql-store.ts'
import { openSQLiteStore } from '../../src/jobs/sqlite/open-sqlite.ts'
import { SQLiteDatabase } from '../../src/jobs/sqlite/sqlite-database.ts'
import { loadSQLite } from '../../src/jobs/sqlite/sqlite-module.ts'
import { StoreThread } from '../../src/jobs/sqlite/store-thread.ts'
import { hasSQLite, newSQLiteFile, openSQLite, removeSQLiteFiles } from './_sqlite.ts'

afterAll(removeSQLiteFiles)

function newJob(key: string, input = '{}'): NewJob {
  const given = {
    key,
    id: key,
    owner: '',
    model: 'm',
    input,
    digest: 'd',
    origin: 'http://a',
    token: 't',
    maxAttempts: 1,
  }
  const nothing = {
    principal: undefined,
    version: undefined,
    metadata: undefined,
    webhook: undefined,
    lease: undefined,
  }
  return { ...nothing, ...given }
}

async function change(path: string, statements: string): Promise<void> {
  const { DatabaseSync } = await loadSQLite()
  const connection = new DatabaseSync(path)
  connection.exec(statements)
  connection.close()
}

function makeFolder(path: string): string {
  mkdirSync(path)
  return path
}

function writeText(path: string): string {
  writeFileSync(path, 'not a database, but long enough'.repeat(50))
  return path
}

test.runIf(!hasSQLite)('a version of Node without SQLite says so, and what to do', async () => {
  await expect(openSQLiteStore(newSQLiteFile())).rejects.toMatchObject({
    code: 'jobs_store',
    found: `a store of jobs in a file needs SQLite, which is not in Node ${process.versions.node}`,
    instead: 'Run the server with Node 22.13 or later, or use --jobs-store postgres://USER:PASSWORD@HOST/DATABASE.',
  })
})

describe.runIf(hasSQLite)('a file', () => {
  test('is for its user alone, also what is written beside it, and a further start finds its jobs', async () => {
    const path = newSQLiteFile()
    const store = await openSQLite(path)
    const { job } = await store.create(newJob('a'))
    for (const file of [path, `${path}-wal`, `${path}-shm`])
      expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600])
    await store.close()
    const again = await openSQLite(path)
    expect(await again.get('a')).toEqual(job)
    await again.close()
  })

  test.each<[string, (path: string) => string | Promise<string>, string, RegExp]>([
    [
      'a folder that is not there',
      path => join(dirname(path), 'absent', 'jobs.db'),
      'jobs_store',
      /cannot be opened: there is no folder .*absent$/,
    ],
    ['a folder in place of a file', makeFolder, 'jobs_store', /cannot be opened: it is a folder$/],
    ['another file', writeText, 'jobs_store', /cannot be opened: file is not a database$/],
    [
      'a later version',
      async path => {
        await (await openSQLite(path)).close()
        await change(path, 'update incant_jobs_version set version = 2')
        return path
      },
      'jobs_store',
      /is of version 2, and this version of Incant reads version 1$/,
    ],
  ])('that cannot be used ends the start with its name and the way out: %s', async (_name, make, code, found) => {
    const path = await make(newSQLiteFile())
    const refused = await openSQLite(path).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(refused).toMatchObject({
      code,
      found: expect.stringMatching(found),
      instead: expect.stringContaining('--jobs-store'),
    })
    expect(refused).toMatchObject({ found: expect.stringContaining(path) })
  })

  test('servers that start at once make the tables once', { tags: ['slow'] }, async () => {
    const path = newSQLiteFile()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openSQLite(path)))
    const created = await Promise.all(stores.map(store => store.create(newJob('same'))))
    expect(created.filter(({ isNew }) => isNew)).toHaveLength(1)
    for (const store of stores) await store.close()
  })

  test('a new file that another server is making is waited for', async () => {
    const path = newSQLiteFile()
    const { DatabaseSync } = await loadSQLite()
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    const opening = openSQLite(path)
    // It has met the lock by the time that one which began after it is open. SQLite itself does not wait for this one.
    await (await openSQLite(newSQLiteFile())).close()
    other.exec('commit')
    other.close()
    await (await opening).close()
  })

  test('that is removed while it is used takes nothing more', async () => {
    const path = newSQLiteFile()
    const store = await openSQLite(path)
    await store.create(newJob('a'))
    rmSync(path)
    await expect(store.create(newJob('b'))).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: { message: 'its file was removed or replaced' },
    })
    await store.close()
  })

  test('that another program has locked is away until it is free', { tags: ['slow'] }, async () => {
    const path = newSQLiteFile()
    const store = await openSQLite(path)
    const { DatabaseSync } = await loadSQLite()
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    await expect(store.create(newJob('a'))).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: { message: 'database is locked' },
    })
    other.exec('commit')
    other.close()
    expect((await store.create(newJob('a'))).isNew).toBe(true)
    await store.close()
  })

  test('whose disk is full refuses what has no room, keeps what it has, and goes on when there is room', async () => {
    const path = newSQLiteFile()
    const database = new SQLiteDatabase(await loadSQLite(), path, path)
    await prepareTables(database)
    const store = new SQLStore(database)
    await store.create(newJob('a'))
    await database.run('pragma max_page_count = 30')
    const large = 'x'.repeat(500_000)
    // One that has room is committed in the same moment as one that has none, and is undone with it or kept: as it says.
    const [small, refused] = await Promise.allSettled([store.create(newJob('b')), store.create(newJob('c', large))])
    expect(refused).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } })
    expect((await store.get('b')) !== undefined).toBe(small?.status === 'fulfilled')
    expect(await store.get('a')).toMatchObject({ status: 'starting' })
    expect(await store.get('c')).toBeUndefined()
    await database.run('pragma max_page_count = 100000')
    expect((await store.create(newJob('c', large))).isNew).toBe(true)
    await store.close()
  })

  test('of which one transaction fails commits the others', async () => {
    const path = newSQLiteFile()
    const database = new SQLiteDatabase(await loadSQLite(), path, path)
    await prepareTables(database)
    const store = new SQLStore(database)
    const outcomes = await Promise.allSettled([
      store.create(newJob('a')),
      database.transaction(async run => {
        await run('insert into incant_jobs_version (version) values (9)')
        throw new Error('undone')
      }),
      store.create(newJob('b')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await database.run('select version from incant_jobs_version')).toEqual([{ version: 1 }])
    await store.close()
  })
})

test('a thread that dies fails what it was asked, and a later call starts another', { tags: ['slow'] }, async () => {
  const main = new URL(`data:text/javascript,${encodeURIComponent(DYING)}`)
  const store = new StoreThread({ path: 'jobs.db', name: 'jobs.db' }, main)
  await store.open()
  expect(await store.get('a')).toBe('a')
  const away = { name: 'StoreUnavailable', message: 'the store of jobs jobs.db does not answer' }
  await expect(store.cancel('a')).rejects.toMatchObject(away)
  await expect.poll(() => store.get('b').catch(({ name }: Error) => name)).toBe('b')
  await store.close()
})

/** Answers `get` with the key, and dies of `cancel`. */
const DYING = `
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', ({ call, method, parameters: [value] }) => {
    if (method === 'cancel') process.exit(1)
    parentPort.postMessage({ kind: 'done', call, value })
    if (method === 'close') parentPort.close()
  })
  parentPort.postMessage({ kind: 'open' })
`
