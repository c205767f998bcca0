import { afterEach, describe, expect, it, vi } from 'vitest'
import { eventually } from '../node/_served.ts'
import { ask, askStatus, serveReplicas, untilReady } from './_replicas.ts'

const HOUR = 3_600_000

afterEach(() => void vi.useRealTimers())

/** Sets the date of this process, the front; its other clocks go on. */
function setDate(difference: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + difference })
}

describe('a date that is set while calls run', { tags: ['slow'] }, () => {
  it.each([-HOUR, HOUR])('by %i ms: a predict that hangs is a 504 at its deadline, and replaced', async difference => {
    const served = await serveReplicas('misbehaving.js', { requestTimeout: '1s', hangTimeout: '300ms' })
    const looping = askStatus(served, { fault: 'loop' })
    await eventually(() => served.engine.load.running === 1)
    setDate(difference)
    expect(await looping).toBe(504)
    await eventually(() => served.engine.restarts.get('hang') === 1)
    await untilReady(served, 1)
    expect(await askStatus(served, {})).toBe(200)
  })

  it.each([-HOUR, HOUR])('by %i ms: a predict that computes is left alone', async difference => {
    const served = await serveReplicas('misbehaving.js', { requestTimeout: '60s', hangTimeout: '100ms' })
    const computing = askStatus(served, { fault: 'block', argument: 2500 })
    await eventually(() => served.engine.load.running === 1)
    setDate(difference)
    expect(await computing).toBe(200)
    expect(served.engine.restarts.size).toBe(0)
  })

  it.each([-HOUR, HOUR])('by %i ms in the replica: the next call is begun', async difference => {
    const served = await serveReplicas('misbehaving.js', { requestTimeout: '30s' })
    expect(await askStatus(served, { setDate: difference })).toBe(200)
    expect(await (await ask(served, {})).json()).toMatchObject({ calls: 2 })
  })
})
