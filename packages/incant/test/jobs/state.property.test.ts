import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { MemoryStore } from '../../src/jobs/memory-store.ts'
import { prepareTables } from '../../src/jobs/sql/schema.ts'
import { SQLStore } from '../../src/jobs/sql/sql-store.ts'
import { SQLiteDatabase } from '../../src/jobs/sqlite/sqlite-database.ts'
import { loadSQLite } from '../../src/jobs/sqlite/sqlite-module.ts'
import type { JobStore } from '../../src/jobs/store.ts'
import { Clock, type Command, commands, Play } from './_commands.ts'
import { hasSQLite, newSQLiteFile, removeSQLiteFiles } from './_sqlite.ts'

afterAll(removeSQLiteFiles)

test('no sequence of events leaves the state machine', { tags: ['property'] }, async () => {
  const states = ['canceled', 'failed', 'processing', 'starting', 'succeeded']
  const ends = new Set<string>()
  const property = fc.asyncProperty(commands, async sequence => {
    const clock = new Clock()
    const store = new MemoryStore(clock.now)
    await new Play(store, clock).run(sequence)
    for (const { status } of await store.list({ limit: 100 })) ends.add(status)
  })
  // Few sequences reach some of the states: the rules are put to the test once all of them were reached.
  for (let round = 0; round < 10 && ends.size < states.length; round += 1) await fc.assert(property, { numRuns: 300 })
  expect([...ends].sort()).toEqual(states)
})

test.runIf(hasSQLite)(
  'SQLite answers every sequence as the memory does',
  { tags: ['slow'], timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(commands, async sequence => {
        const memory = await play(sequence, async ({ now }) => new MemoryStore(now))
        const file = await play(sequence, openSQLite)
        expect(file).toEqual(memory)
      }),
      { numRuns: 25 },
    )
  },
)

async function play(sequence: readonly Command[], open: (clock: Clock) => Promise<JobStore>): Promise<unknown> {
  const clock = new Clock()
  const store = await open(clock)
  try {
    const play = new Play(store, clock)
    await play.run(sequence)
    return play.trace
  } finally {
    await store.close()
  }
}

async function openSQLite(clock: Clock): Promise<JobStore> {
  class Clocked extends SQLiteDatabase {
    override now(): number {
      return clock.time
    }
  }
  const path = newSQLiteFile()
  const database = new Clocked(await loadSQLite(), path, path)
  await prepareTables(database)
  return new SQLStore(database)
}
