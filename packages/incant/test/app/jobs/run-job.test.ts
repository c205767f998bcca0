import { expect, test } from 'vitest'
import { ProgressWriter } from '../../../src/app/jobs/progress-writer.ts'
import { readProgress } from '../../../src/app/jobs/read-progress.ts'
import { runJob } from '../../../src/app/jobs/run-job.ts'
import { Cancellation } from '../../../src/engine/cancellation.ts'
import { createJob } from '../../../src/jobs/job.ts'
import { MemoryStore } from '../../../src/jobs/memory-store.ts'
import { StoreUnavailable } from '../../../src/jobs/store.ts'
import { consoleLogger } from '../../../src/log/logger.ts'

test('what the store did not take is in the next attempt, in its order', async () => {
  const written: unknown[] = []
  const logged: unknown[] = []
  let isAway = true
  const writer = new ProgressWriter(async ({ data, logs, metrics, progress }) => {
    if (isAway) throw new StoreUnavailable('the test', undefined)
    written.push(data)
    logged.push(logs, metrics, progress)
  })
  writer.add('{"progress":0.5}')
  writer.log('first\n')
  writer.metric('tokens', 1)
  await expect(writer.flush()).rejects.toThrow(StoreUnavailable)
  writer.add('2')
  writer.log('second\n')
  writer.metric('tokens', 2)
  isAway = false
  await writer.flush()
  expect(written).toEqual(['{"progress":0.5}\n2'])
  expect(logged).toEqual(['first\nsecond\n', { tokens: 2 }, 0.5])
  expect(writer.take()).toEqual({})
})

test('a job that streams while the store is away succeeds, and its end has every item', async () => {
  const store = new MemoryStore()
  store.append = async () => {
    throw new StoreUnavailable('the test', undefined)
  }
  const job = createJob(
    {
      ...{
        key: 'k',
        id: 'k',
        owner: '',
        principal: undefined,
        model: 'm',
        version: undefined,
        input: '{}',
        digest: '',
      },
      ...{ metadata: undefined, origin: '', token: '', webhook: undefined, maxAttempts: 1, lease: undefined },
    },
    0,
  )
  const encoder = new TextEncoder()
  const items = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const item of ['1', '2', '3']) controller.enqueue(encoder.encode(item))
        controller.close()
      },
    })
  const outcome = await runJob({
    ...{ job, store, holder: 'front', cancellation: new Cancellation(), reader: undefined, logger: consoleLogger },
    limits: { timeout: 60_000, output: 1000 },
    call: () => ({ kind: 'items', body: items(), returned: Promise.resolve(undefined) }),
  })
  expect(outcome).toMatchObject({
    kind: 'over',
    end: { status: 'succeeded', output: { form: 'items', count: 3 }, data: '1\n2\n3' },
  })
})

test.each<[string, number | undefined]>([
  ['{"progress":0.25,"text":"a"}', 0.25],
  ['{"progress":1}', 1],
  ['{"progress":1.5}', undefined],
  ['{"progress":"half"}', undefined],
  ['{"text":"\\"progress\\": 0.5"}', undefined],
  ['"progress"', undefined],
  [`{"progress":0.5,"image":"${'a'.repeat(5000)}"}`, undefined],
])('the progress of the item %s is %j', (item, progress) => {
  expect(readProgress(item)).toBe(progress)
})
