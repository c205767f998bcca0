import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Batcher } from '../../src/engine/batcher.ts'
import { Cancellation } from '../../src/engine/cancellation.ts'
import { RequestError } from '../../src/errors/request-error.ts'

/** What happens to one item. */
interface Scenario {
  readonly size: number
  /** `poison` makes its batch throw, `error` stands as an Error in its place. */
  readonly kind: 'good' | 'poison' | 'error' | 'cancelled'
  /** Turns of the event loop before it comes. */
  readonly delay: number
}

const scenario = fc.record<Scenario>({
  size: fc.integer({ min: 1, max: 6 }),
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('good' as const) },
    { weight: 1, arbitrary: fc.constantFrom('poison' as const, 'error' as const, 'cancelled' as const) },
  ),
  delay: fc.integer({ min: 0, max: 3 }),
})

const scenarios = fc.array(scenario, { minLength: 1, maxLength: 40 })
const limits = fc.record({ maxSize: fc.integer({ min: 1, max: 12 }), isSlow: fc.boolean(), split: fc.boolean() })

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

/** Runs items through a batcher and gives what became of each, and every batch that ran. */
async function simulate(
  items: readonly Scenario[],
  { maxSize, isSlow, split }: { maxSize: number; isSlow: boolean; split: boolean },
) {
  const batches: number[][] = []
  let concurrent = 0
  const batcher = new Batcher<number>({
    maxSize,
    maxWait: 0,
    split,
    size: index => items[index]?.size ?? 0,
    async run(batch) {
      concurrent += 1
      expect(concurrent).toBe(1)
      batches.push([...batch])
      if (isSlow) await turns(2)
      concurrent -= 1
      if (batch.some(index => items[index]?.kind === 'poison')) throw new Error('poisoned')
      return batch.map(index => (items[index]?.kind === 'error' ? new Error('alone') : index * 10))
    },
  })
  const pending = items.map(async ({ kind, delay }, index) => {
    await turns(delay)
    const cancellation = new Cancellation()
    const result = batcher.add(index, { id: String(index), cancellation })
    if (kind === 'cancelled') cancellation.cancel(new RequestError('client_closed'))
    return result
  })
  return { settled: await Promise.allSettled(pending), batches }
}

function outcomeOf(result: PromiseSettledResult<unknown> | undefined): unknown {
  if (result?.status === 'fulfilled') return result.value
  const reason: unknown = result?.reason
  return reason instanceof RequestError ? reason.code : String(reason)
}

test('every call settles with its own outcome, batches keep their limit and the order, nothing left is computed', async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, limits, async (items, given) => {
      const { settled, batches } = await simulate(items, given)
      expect(settled).toHaveLength(items.length)
      for (const batch of batches) {
        const total = batch.reduce((sum, index) => sum + (items[index]?.size ?? 0), 0)
        expect(batch.length === 1 || total <= given.maxSize).toBe(true)
        expect(batch.every(index => items[index]?.kind !== 'cancelled')).toBe(true)
      }
      // Of those that came in the same turn, none overtakes another; parts of a batch tried again come after it.
      const firstRuns = [...new Set(batches.flat())]
      for (const delay of [0, 1, 2, 3]) {
        const order = firstRuns.filter(index => items[index]?.delay === delay)
        expect(order).toEqual([...order].sort((one, other) => one - other))
      }
      for (const [index, { kind }] of items.entries()) {
        const outcome = outcomeOf(settled[index])
        if (kind === 'cancelled') expect(outcome).toBe('client_closed')
        else if (kind === 'error') expect(['Error: alone', 'internal']).toContain(outcome)
        else if (kind === 'poison') expect(['Error: poisoned', 'internal']).toContain(outcome)
        else expect([index * 10, 'internal']).toContain(outcome)
      }
    }),
    { numRuns: 150 },
  )
})

test('with splitting, up to two poisoned items harm no other, whatever the batch', async () => {
  const twoPoisoned = fc
    .tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 63 }))
    .map(([count, one, other]) =>
      Array.from({ length: count }, (_, index): Scenario => {
        return { size: 1, kind: index === one || index === other ? 'poison' : 'good', delay: 0 }
      }),
    )
  await fc.assert(
    fc.asyncProperty(twoPoisoned, async items => {
      const { settled, batches } = await simulate(items, { maxSize: 64, isSlow: false, split: true })
      const expected = items.map(({ kind }, index) => (kind === 'poison' ? 'Error: poisoned' : index * 10))
      expect(settled.map(outcomeOf)).toEqual(expected)
      expect(batches.length).toBeLessThanOrEqual(1 + 4 * Math.ceil(Math.log2(Math.max(2, items.length))))
    }),
    { numRuns: 100 },
  )
})
