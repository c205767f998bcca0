import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { CallModel } from '../../../src/app/faces/call-model.ts'
import { ClockWatch } from '../../../src/app/jobs/clock-watch.ts'
import { HeldInputs } from '../../../src/app/jobs/held-inputs.ts'
import { JobRunner } from '../../../src/app/jobs/job-runner.ts'
import { Lifecycle } from '../../../src/app/lifecycle.ts'
import { RequestError } from '../../../src/errors/request-error.ts'
import type { NewJob } from '../../../src/jobs/job.ts'
import { MemoryStore } from '../../../src/jobs/memory-store.ts'
import { StoreUnavailable } from '../../../src/jobs/store.ts'

function newJob(key: string, maxAttempts = 1): NewJob {
  const given = { key, id: key, owner: '', model: 'm', input: '{}', digest: '', origin: '', token: '', maxAttempts }
  return {
    ...given,
    principal: undefined,
    version: undefined,
    metadata: undefined,
    webhook: undefined,
    lease: undefined,
  }
}

const RETENTION = { jobsOutputRetention: 60_000, jobsRetention: 60_000, jobsExpiry: 60_000 }

async function startRunner(store: MemoryStore, call: CallModel): Promise<JobRunner> {
  const lifecycle = new Lifecycle({ start: async () => {}, close: async () => {} }, async () => {})
  await lifecycle.ready
  const host = {
    engine: { state: 'ready', load: { running: 0, waiting: 0 } },
    lifecycle,
    logger: { log: () => {} },
    settings: { concurrency: 4, jobsTimeout: 60_000, jobsOutputSize: 1000, ...RETENTION },
  }
  // What a runner asks of its host.
  const options = {
    store,
    host,
    call,
    inputs: new HeldInputs(),
    model: 'm',
    holder: 'front',
  } as unknown as ConstructorParameters<typeof JobRunner>[0]
  const runner = new JobRunner(options)
  runner.start()
  return runner
}

const answer: CallModel = () => ({ kind: 'value', value: 'done' }) as never

async function statusOf(store: MemoryStore, key: string): Promise<unknown> {
  const { status, error, attempts } = (await store.get(key)) ?? {}
  return { status, code: error?.code, attempts }
}

test('a job whose claim was not answered is not lost', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const store = new MemoryStore()
  const claim = store.claim.bind(store)
  let isLost = true
  store.claim = async wanted => {
    const job = await claim(wanted)
    if (job === undefined || !isLost) return job
    isLost = false
    throw new StoreUnavailable('the test', undefined)
  }
  await store.create(newJob('a'))
  const runner = await startRunner(store, answer)
  await vi.advanceTimersByTimeAsync(10)
  expect(await statusOf(store, 'a')).toMatchObject({ status: 'processing' })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await statusOf(store, 'a')).toEqual({ status: 'succeeded', code: undefined, attempts: 1 })
  await runner.close()
})

test('a job for which the engine has no place waits for the next one, and has not begun', async () => {
  const store = new MemoryStore()
  let refusals = 2
  const runner = await startRunner(store, call => {
    if (refusals-- > 0) throw new RequestError('queue_full')
    return answer(call)
  })
  await store.create(newJob('a'))
  await expect.poll(() => statusOf(store, 'a')).toEqual({ status: 'succeeded', code: undefined, attempts: 1 })
  await runner.close()
})

describe('when the server ends', { tags: ['slow'] }, () => {
  test.each<[string, CallModel]>([
    ['heeds its signal', ({ cancellation }) => new Promise((_resolve, reject) => cancellation.onCancel(reject))],
    ['ignores its signal', () => new Promise(() => {})],
  ])(
    'a job that %s goes back into the queue where it may begin again, and is interrupted elsewhere',
    async (_name, call) => {
      const store = new MemoryStore()
      await store.create(newJob('once'))
      await store.create(newJob('again', 3))
      const runner = await startRunner(store, call)
      await expect.poll(async () => (await store.count()).processing).toBe(2)
      await runner.close()
      expect(await statusOf(store, 'once')).toEqual({ status: 'failed', code: 'interrupted', attempts: 1 })
      expect(await statusOf(store, 'again')).toEqual({ status: 'starting', code: undefined, attempts: 1 })
    },
  )
})

test('a clock that was set is noticed once, and one that goes on is not', () => {
  let steady = 0
  const watch = new ClockWatch(() => steady)
  expect(watch.wasSet(1_000_000)).toBe(false)
  steady += 3000
  expect(watch.wasSet(1_003_010)).toBe(false)
  steady += 3000
  expect(watch.wasSet(1_003_010 + 3_600_000)).toBe(true)
  steady += 3000
  expect(watch.wasSet(1_006_010 + 3_600_000)).toBe(false)
  steady += 3000
  expect(watch.wasSet(1_006_010)).toBe(true)
})

test('an input is held until its job is missing for a second time', () => {
  const inputs = new HeldInputs()
  inputs.add('a', '1')
  inputs.add('b', '2')
  inputs.keepOnly(new Set(['a']))
  expect([inputs.get('a'), inputs.get('b')]).toEqual(['1', '2'])
  inputs.keepOnly(new Set(['a']))
  expect([inputs.get('a'), inputs.get('b')]).toEqual(['1', undefined])
})
