import { expect, test } from 'vitest'
import { OutputWriter } from '../../../src/app/jobs/output-writer.ts'
import { runJob } from '../../../src/app/jobs/run-job.ts'
import { Cancellation } from '../../../src/engine/cancellation.ts'
import { createJob } from '../../../src/jobs/job.ts'
import { MemoryStore } from '../../../src/jobs/memory-store.ts'
import { StoreUnavailable } from '../../../src/jobs/store.ts'
import { consoleLogger } from '../../../src/log/logger.ts'

test('items that the store did not take are in the next attempt, in their order', async () => {
  const written: unknown[] = []
  let isAway = true
  const writer = new OutputWriter(async ({ data }) => {
    if (isAway) throw new StoreUnavailable('the test', undefined)
    written.push(data)
  })
  writer.add('1')
  await expect(writer.flush()).rejects.toThrow(StoreUnavailable)
  writer.add('2')
  isAway = false
  await writer.flush()
  expect(written).toEqual(['1\n2'])
  expect(writer.take()).toBeUndefined()
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
  const end = await runJob({
    ...{ job, store, holder: 'front', cancellation: new Cancellation(), logger: consoleLogger },
    call: () => ({ kind: 'items', body: items(), returned: Promise.resolve(undefined) }),
  })
  expect(end).toMatchObject({ status: 'succeeded', output: { form: 'items', count: 3 }, data: '1\n2\n3' })
})
