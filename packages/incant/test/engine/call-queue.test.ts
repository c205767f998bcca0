import { describe, expect, test } from 'vitest'
import { CallQueue } from '../../src/engine/call-queue.ts'
import { Cancellation } from '../../src/engine/cancellation.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import { turns } from '../app/_serving.ts'

function admission(capacity: number, queue: number): { admission: CallQueue; grow(capacity: number): void } {
  let places = capacity
  return {
    admission: new CallQueue({ capacity: () => places, queue }),
    grow: capacity => {
      places = capacity
    },
  }
}

/** Enters, and notes its name when it may. */
function enter(into: CallQueue, name: string, order: string[], cancellation = new Cancellation()): Cancellation {
  const turn = into.enter(cancellation)
  if (turn === undefined) order.push(name)
  else turn.then(() => order.push(name)).catch((reason: Error) => order.push(`${name}: ${reason.message}`))
  return cancellation
}

describe('admission', () => {
  test('first in, first out', async () => {
    const { admission: door } = admission(1, 10)
    const order: string[] = []
    for (const name of ['a', 'b', 'c', 'd']) enter(door, name, order)
    expect({ order, running: door.running, waiting: door.waiting }).toEqual({ order: ['a'], running: 1, waiting: 3 })
    for (let count = 0; count < 3; count += 1) door.leave(1)
    await Promise.resolve()
    expect(order).toEqual(['a', 'b', 'c', 'd'])
    door.leave(1)
    expect({ running: door.running, waiting: door.waiting }).toEqual({ running: 0, waiting: 0 })
  })

  test('one more than may wait is turned away', () => {
    const { admission: door } = admission(1, 1)
    enter(door, 'runs', [])
    door.check()
    enter(door, 'waits', [])
    const full = expect.objectContaining({ code: 'queue_full', status: 503, headers: { 'Retry-After': '1' } })
    expect(() => door.check()).toThrow(full)
    expect(() => door.enter(new Cancellation())).toThrow(full)
  })

  test('a call that is cancelled while it waits leaves unserved, its place free for another', async () => {
    const { admission: door } = admission(1, 1)
    const order: string[] = []
    enter(door, 'a', order)
    const leaving = enter(door, 'b', order)
    leaving.cancel(new Error('gone'))
    expect(door.waiting).toBe(0)
    enter(door, 'c', order)
    door.leave(1)
    await turns()
    expect(order.sort()).toEqual(['a', 'b: gone', 'c'])
  })

  test('one that was cancelled before it came does not wait', async () => {
    const { admission: door } = admission(1, 1)
    const cancelled = new Cancellation()
    cancelled.cancel(new Error('gone'))
    enter(door, 'a', [])
    await expect(door.enter(cancelled)).rejects.toThrow('gone')
    expect(door.waiting).toBe(0)
  })

  test('nobody overtakes: a place that comes free is the longest waiting one', async () => {
    const { admission: door } = admission(1, 5)
    const order: string[] = []
    enter(door, 'a', order)
    enter(door, 'b', order)
    door.leave(1)
    enter(door, 'c', order)
    await Promise.resolve()
    expect(order).toEqual(['a', 'b'])
    expect(door.waiting).toBe(1)
  })

  test('capacity that grows lets in as many; that shrinks, nobody until it is under it again', async () => {
    const { admission: door, grow } = admission(0, 5)
    const order: string[] = []
    for (const name of ['a', 'b', 'c']) enter(door, name, order)
    grow(2)
    door.admit()
    await Promise.resolve()
    expect(order).toEqual(['a', 'b'])
    grow(1)
    door.leave(1)
    await Promise.resolve()
    expect(order).toEqual(['a', 'b'])
    door.leave(1)
    await Promise.resolve()
    expect(order).toEqual(['a', 'b', 'c'])
  })

  test('a call that lost its place goes before all others, and is never turned away', async () => {
    const { admission: door } = admission(1, 1)
    const order: string[] = []
    enter(door, 'a', order)
    enter(door, 'b', order)
    void door.enterAgain(new Cancellation()).then(() => order.push('again'))
    door.leave(1)
    door.leave(1)
    await turns()
    expect(order).toEqual(['a', 'again', 'b'])
  })

  test('Retry-After grows with the queue and the time a call takes, up to a minute', () => {
    const { admission: door } = admission(1, 4)
    const estimate = (serviceTime: number): string | undefined => {
      door.leave(serviceTime)
      enter(door, 'next', [])
      try {
        door.check()
      } catch (thrown) {
        return thrown instanceof RequestError ? String(thrown.headers['Retry-After']) : undefined
      }
      return undefined
    }
    for (let count = 0; count < 5; count += 1) enter(door, 'a', [])
    expect(estimate(10_000)).toBe('8')
    expect(estimate(1e9)).toBe('60')
  })
})

describe('cancellation', () => {
  test('only the first reason counts, and everyone is told once', () => {
    const cancellation = new Cancellation()
    const heard: string[] = []
    cancellation.onCancel(reason => heard.push(reason.message))
    const { signal } = cancellation
    cancellation.cancel(new Error('first'))
    cancellation.cancel(new Error('second'))
    cancellation.onCancel(reason => heard.push(`late ${reason.message}`))
    expect(heard).toEqual(['first', 'late first'])
    expect(signal.aborted && signal.reason).toMatchObject({ message: 'first' })
    expect(cancellation.signal).toBe(signal)
  })

  test('a signal asked for afterwards has fired', () => {
    const cancellation = new Cancellation()
    cancellation.cancel(new Error('why'))
    expect(cancellation.signal.aborted).toBe(true)
    expect(cancellation.signal.reason).toBe(cancellation.reason)
  })
})
