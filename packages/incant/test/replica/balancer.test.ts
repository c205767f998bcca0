import { afterEach, describe, expect, it, vi } from 'vitest'
import { Balancer } from '../../src/replica/balancer.ts'
import type { ReplicaProcess } from '../../src/replica/replica-process.ts'

interface Load {
  readonly inFlight: number
  readonly stalled?: boolean
}

/** As much of a replica as the balancer looks at. */
function replica({ inFlight, stalled = false }: Load): ReplicaProcess & { takeBackWaiting: ReturnType<typeof vi.fn> } {
  const looks = { inFlight, stalled, takeBackWaiting: vi.fn() }
  // The rest of the class is about its process.
  return looks as unknown as ReplicaProcess & typeof looks
}

function balance(loads: readonly Load[], isIdle = () => false) {
  const replicas = loads.map(replica)
  const fleet = { all: new Set(replicas), ready: new Set(replicas) }
  return { replicas, fleet, balancer: new Balancer({ fleet, concurrency: 2, isIdle }) }
}

describe('the replica that gets a call', () => {
  it.each([
    ['the least loaded', [{ inFlight: 1 }, { inFlight: 0 }], 1],
    ['the first of equals', [{ inFlight: 1 }, { inFlight: 1 }], 0],
    ['a free one before a stalled one, also a fuller one', [{ inFlight: 0, stalled: true }, { inFlight: 1 }], 1],
    ['a stalled one where the others are full', [{ inFlight: 1, stalled: true }, { inFlight: 2 }], 0],
    ['none where all are full', [{ inFlight: 2 }, { inFlight: 2 }], undefined],
    ['none where there is none', [], undefined],
  ])('is %s', (_, loads, index) => {
    const { replicas, balancer } = balance(loads)
    expect(balancer.choose()).toBe(index === undefined ? undefined : replicas[index])
  })
})

describe('the places for calls', () => {
  it('are those of ready replicas, and those in use in others', () => {
    const { replicas, fleet, balancer } = balance([{ inFlight: 1 }, { inFlight: 2 }])
    expect(balancer.countPlaces()).toBe(4)
    for (const one of replicas.slice(0, 1)) fleet.ready.delete(one)
    expect(balancer.countPlaces()).toBe(3)
  })

  it('are none of a stalled replica beside a free one; all stalled ones keep theirs', () => {
    const stalled = { inFlight: 1, stalled: true }
    expect(balance([stalled, { inFlight: 0 }]).balancer.countPlaces()).toBe(3)
    expect(balance([stalled, stalled]).balancer.countPlaces()).toBe(4)
    expect(balance([stalled]).balancer.countPlaces()).toBe(2)
  })
})

describe('calls of a stalled replica', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are taken back while another is free', () => {
    vi.useFakeTimers()
    const { replicas, balancer } = balance([{ inFlight: 2, stalled: true }, { inFlight: 0 }])
    balancer.watch()
    vi.advanceTimersByTime(25)
    expect(replicas.map(one => one.takeBackWaiting.mock.calls.length)).toEqual([1, 0])
    balancer.stop()
    vi.advanceTimersByTime(100)
    expect(replicas[0]?.takeBackWaiting).toHaveBeenCalledTimes(1)
  })

  it('stay where all are stalled, and the watch ends when nothing runs', () => {
    vi.useFakeTimers()
    let isIdle = false
    const stalled = { inFlight: 1, stalled: true }
    const { replicas, balancer } = balance([stalled, stalled], () => isIdle)
    balancer.watch()
    vi.advanceTimersByTime(100)
    for (const one of replicas) expect(one.takeBackWaiting).not.toHaveBeenCalled()
    isIdle = true
    vi.advanceTimersByTime(25)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are not watched for where there is one replica', () => {
    vi.useFakeTimers()
    balance([{ inFlight: 2, stalled: true }]).balancer.watch()
    expect(vi.getTimerCount()).toBe(0)
  })
})
