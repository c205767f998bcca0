// @module-tag slow
import { expect, test, vi } from 'vitest'
import { recordStore } from '../../../src/app/jobs/recorded-store.ts'
import { MemoryStore } from '../../../src/jobs/memory-store.ts'
import { StoreUnavailable } from '../../../src/jobs/store.ts'
import { METRICS } from '../../../src/metrics/definitions.ts'
import { JobRecord } from '../../../src/metrics/job-record.ts'
import { Exposition } from '../../metrics/_scrape.ts'
import { serveJobs, Worker } from './_jobs.ts'

test('the metrics say how many jobs have ended, how long they waited, and how many wait and run', async () => {
  const { url, model } = await serveJobs(Worker, { concurrency: 1, jobsQueue: 10 })
  const read = async () => new Exposition(await (await fetch(`${url}/metrics`)).text())
  await model.wait(await model.submit({}))
  await model.wait(await model.submit({ fail: true }))
  const held = await model.submit({ hold: true })
  await vi.waitFor(async () =>
    expect(await (await fetch(held.urls.get)).json()).toMatchObject({ status: 'processing' }),
  )
  const waiting = await Promise.all([model.submit({}), model.submit({})])
  const [first] = waiting
  if (first !== undefined) await model.cancel(first)
  await model.cancel(first ?? '')
  const seen = await read()
  const ended = (status: string) => seen.value(METRICS.jobsEnded.name, { status })
  expect([ended('succeeded'), ended('failed'), ended('canceled')]).toEqual([1, 1, 1])
  expect(seen.value(`${METRICS.jobQueueWait.name}_count`)).toBe(3)
  expect(seen.value(METRICS.jobStoreErrors.name)).toBe(0)
  expect(seen.value(METRICS.webhooksPending.name)).toBe(0)
  await vi.waitFor(
    async () => {
      const later = await read()
      expect(later.value(METRICS.jobs.name, { state: 'queued' })).toBe(1)
      expect(later.value(METRICS.jobs.name, { state: 'running' })).toBe(1)
    },
    { timeout: 20_000, interval: 200 },
  )
  await model.cancel(held)
  await model.wait(held)
})

test('a store that does not answer is counted, and what it throws is thrown', async () => {
  class Away extends MemoryStore {
    override async claim(): Promise<undefined> {
      throw new StoreUnavailable('the test', undefined)
    }
  }
  const record = new JobRecord()
  const store = recordStore(new Away(), record)
  const lease = { holder: 'front', until: 1 }
  await expect(store.claim({ lease, models: ['m'] })).rejects.toThrow(StoreUnavailable)
  expect([record.storeErrors, record.isOn, store.name]).toEqual([1, true, 'memory'])
  expect(await store.count()).toEqual({ starting: 0, processing: 0, webhooks: 0 })
})
