// @module-tag slow
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Listed } from '../../src/models/show.ts'
import { listFolder } from '../../src/models/store/disk.ts'
import { inParallel } from '../../src/transfer/parallel.ts'
import { runIncant } from '../incant-process.ts'
import { startRegistry } from '../oci/fake-registry.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testStore } from './store.ts'

const KILL_AT = fileURLToPath(new URL('_kill-at.mjs', import.meta.url))
/** Processes at the same time. */
const PARALLEL = 3

interface Killed {
  readonly home: string
  readonly words: readonly string[]
  /** `12:after` */
  readonly at?: string
  readonly log?: string
}

function run({ home, words, at, log }: Killed) {
  const env = {
    INCANT_HOME: home,
    NODE_OPTIONS: `--import ${KILL_AT}`,
    ...(at === undefined ? {} : { KILL_AT: at }),
    ...(log === undefined ? {} : { KILL_LOG: log }),
  }
  return runIncant(['model', ...words], { cwd: home, env })
}

interface Prepared {
  readonly home: string
  /** A folder that is no version yet. */
  readonly fresh: string
  /** A version that the store does not have, as an archive and in a registry. */
  readonly archive: string
  readonly host: string
}

/** A store with two versions, a tag, and a blob that nothing needs. */
async function prepare(): Promise<Prepared> {
  const store = testStore()
  await store.run('create', 'words', temporaryFolder({ 'a.bin': 'a', 'shared.bin': 'shared' }), '--tag', 'production')
  await store.run('create', 'words', temporaryFolder({ 'b.bin': 'b', 'shared.bin': 'shared' }))
  await store.run('create', 'gone', temporaryFolder({ 'c.bin': 'c' }))
  await store.run('rm', 'gone:v1')
  const other = testStore()
  await other.run('create', 'words:v9', temporaryFolder({ 'e.bin': 'e', 'c.bin': 'c' }))
  const archive = join(temporaryFolder(), 'words.tar')
  await other.run('export', 'words:v9', archive)
  const { host } = await startRegistry()
  await other.run('push', 'words:v9', `${host}/words`)
  const fresh = temporaryFolder({ 'd.bin': 'd', 'shared.bin': 'shared', 'c.bin': 'c' })
  return { home: store.home, fresh, archive, host }
}

/**
 * Every point at which a command can be killed: around each call that changes the file system, and within a write. Before a
 * call, the store is as it was after the one before.
 */
async function pointsOf(home: string, words: readonly string[]): Promise<readonly string[]> {
  const log = join(temporaryFolder(), 'calls')
  const { code, stderr } = await run({ home: copyOf(home), words, log })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const calls = readFileSync(log, 'utf8').trim().split('\n')
  return calls.flatMap((name, index) => {
    const first = index === 0 ? ['before'] : []
    const within = /write|append/.test(name) ? ['during'] : []
    return [...first, ...within, 'after'].map(moment => `${index + 1}:${moment}`)
  })
}

function copyOf(home: string): string {
  const copy = temporaryFolder()
  cpSync(home, copy, { recursive: true })
  return copy
}

describe('a process that is killed leaves a whole store', () => {
  it.each([
    ['create', (fresh: string) => ['create', 'words', fresh, '--tag', 'next']],
    ['create the first version', (fresh: string) => ['create', 'others:a', fresh]],
    ['tag', () => ['tag', 'words:v2', 'production']],
    ['rm', () => ['rm', 'words:v1', '--force']],
    ['gc', () => ['gc']],
    ['export', () => ['export', 'words:v1', 'words.tar']],
    ['import', (_: string, archive: string) => ['import', archive, 'others']],
    ['pull', (_: string, __: string, host: string) => ['pull', `${host}/words:v9`, 'others']],
  ])('%s', { timeout: 600_000 }, async (_, toWords) => {
    const { home, fresh, archive, host } = await prepare()
    const words = toWords(fresh, archive, host)
    const points = await pointsOf(home, words)
    // A command that makes fewer calls than these is not counted right.
    expect(points.length).toBeGreaterThan(8)
    await inParallel(points, PARALLEL, async at => checkPoint({ home: copyOf(home), words, at }, fresh))
  })
})

async function checkPoint(killed: Killed, fresh: string): Promise<void> {
  const { code } = await run(killed)
  expect({ at: killed.at, code }).toEqual({ at: killed.at, code: null })
  const store = testStore(killed.home)
  const { problems } = await store.json<{ problems: readonly string[] }>('verify')
  expect({ at: killed.at, problems }).toEqual({ at: killed.at, problems: [] })
  const before = await store.json<readonly Listed[]>('list')
  for (const { name, version } of before) await store.run('describe', `${name}:${version}`)
  await store.run('create', 'after', fresh)
  await store.run('gc')
  expect(await leftovers(store)).toEqual([])
  expect((await store.run('verify')).stderr).toMatch(/: 0 problems\n$/)
  // Collecting garbage changes nothing that is listed.
  expect((await store.json<readonly Listed[]>('list')).filter(({ name }) => name !== 'after')).toEqual(before)
}

async function leftovers({ layout }: ReturnType<typeof testStore>): Promise<readonly string[]> {
  const folders = [layout.leases, layout.staging, layout.trash, layout.checkouts]
  return (await Promise.all(folders.map(listFolder))).flat()
}
