import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { KnownHealth } from '../../src/replica/known-health.ts'
import type { ReplicaProcess } from '../../src/replica/replica-process.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A replica that answers when it is told to. */
function replica(inFlight: number) {
  const settle = { resolve: (_value: unknown) => {}, reject: (_reason: unknown) => {} }
  const promise = new Promise<unknown>((resolve, reject) => Object.assign(settle, { resolve, reject }))
  const fake = { inFlight, health: () => promise }
  // The two members that are asked for.
  return { fake, replica: fake as unknown as ReplicaProcess, ...settle }
}

function asked(known: KnownHealth, of: ReplicaProcess) {
  const answers: unknown[] = []
  known
    .ask(of, () => true)
    .then(
      value => answers.push(value),
      thrown => answers.push(thrown),
    )
  return answers
}

it('waits 5 ms for a replica that computes', async () => {
  const answers = asked(new KnownHealth(), replica(1).replica)
  await vi.advanceTimersByTimeAsync(4)
  expect(answers).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(answers).toEqual([{ status: 'ok' }])
})

it('waits 250 ms for one that does not, unless it gets a call', async () => {
  const [idle, later] = [replica(0), replica(0)]
  const [left, called] = [asked(new KnownHealth(), idle.replica), asked(new KnownHealth(), later.replica)]
  await vi.advanceTimersByTimeAsync(100)
  later.fake.inFlight = 1
  await vi.advanceTimersByTimeAsync(10)
  expect([left, called]).toEqual([[], [{ status: 'ok' }]])
  await vi.advanceTimersByTimeAsync(140)
  expect(left).toEqual([{ status: 'ok' }])
})

it('gives the last word, of which a failure is one, and leaves no timer behind an answer', async () => {
  const known = new KnownHealth()
  const [first, second] = [replica(0), replica(0)]
  const answers = asked(known, first.replica)
  first.reject(new Error('ill'))
  await vi.advanceTimersByTimeAsync(10)
  expect([answers, vi.getTimerCount()]).toEqual([[new Error('ill')], 0])
  const recalled = asked(known, replica(1).replica)
  await vi.advanceTimersByTimeAsync(10)
  expect(recalled).toEqual([new Error('ill')])
  const recovered = asked(known, second.replica)
  second.resolve({ status: 'well' })
  await vi.advanceTimersByTimeAsync(10)
  expect(recovered).toEqual([{ status: 'well' }])
})
