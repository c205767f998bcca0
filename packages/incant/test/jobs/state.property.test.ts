import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryStore } from '../../src/jobs/memory-store.ts'
import { Clock, commands, Play } from './_commands.ts'

test('no sequence of events leaves the state machine', { tags: ['property'] }, async () => {
  const ends = new Set<string>()
  await fc.assert(
    fc.asyncProperty(commands, async sequence => {
      const clock = new Clock()
      const store = new MemoryStore(clock.now)
      await new Play(store, clock).run(sequence)
      for (const { status } of await store.list({ limit: 100 })) ends.add(status)
    }),
    { numRuns: 300 },
  )
  // The sequences have reached every state, so that the rules were put to the test.
  expect([...ends].sort()).toEqual(['canceled', 'failed', 'processing', 'starting', 'succeeded'])
})
