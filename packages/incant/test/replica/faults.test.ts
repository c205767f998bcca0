// @module-tag slow
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../auth/tokens/_files.ts'
import { RawConnection } from '../node/_raw-connection.ts'
import { eventually, post } from '../node/_served.ts'
import {
  ask,
  askStatus,
  block,
  countProcessResources,
  NOTHING,
  serveReplicas,
  untilReady,
  untilSaid,
} from './_replicas.ts'

/** What ends a process, and what the log says it was. */
const FAULTS = [
  ['exit', 'exited (code 7)'],
  ['abort', 'killed (signal SIGABRT)'],
  ['kill', 'killed (signal SIGKILL)'],
  ['heap', 'out_of_memory (signal SIGABRT)'],
  ['rejection', 'exited (code 1)'],
  ['timer', 'exited (code 1)'],
] as const

describe('a fault of one replica during 100 calls on two', () => {
  it.each(FAULTS)('%s: only calls that predict had begun fail, and the replica is replaced', async (fault, reason) => {
    const served = await serveReplicas('misbehaving.js', { workers: 2, maxHeap: '64MiB', queue: 200 })
    const before = countProcessResources()
    const calls = Array.from({ length: 100 }, (_, index) => askStatus(served, index === 20 ? { fault } : { wait: 5 }))
    const statuses = await Promise.all(calls)
    await untilReady(served, 2)
    expect(statuses[20]).toBe(500)
    expect(statuses.every(status => status === 200 || status === 500)).toBe(true)
    // At most what one replica may have in flight.
    expect(statuses.filter(status => status !== 200).length).toBeLessThanOrEqual(16)
    const deaths = served.lines.filter(({ message }) => message.startsWith('a replica died'))
    expect(deaths.map(({ message }) => message)).toEqual([`a replica died: ${reason}`])
    expect(served.engine.load).toEqual(NOTHING)
    expect(await askStatus(served, {})).toBe(200)
    expect(countProcessResources()).toEqual(before)
  })
})

describe('a predict that never lets go of its process', () => {
  it('is a 504 at its deadline; everybody else is served, and the replica is replaced', async () => {
    const options = { workers: 2, requestTimeout: '2s', hangTimeout: '300ms' } as const
    const served = await serveReplicas('misbehaving.js', options)
    await askStatus(served, {})
    let isOver = false
    const looping = askStatus(served, { fault: 'loop', say: 'begun' }).finally(() => {
      isOver = true
    })
    await untilSaid(served, 'begun')
    const others: number[] = []
    while (!isOver) {
      others.push(...(await Promise.all(Array.from({ length: 4 }, () => askStatus(served, { wait: 3 })))))
      expect((await fetch(`${served.server.url}/livez`)).status).toBe(200)
    }
    expect(await looping).toBe(504)
    expect(new Set(others)).toEqual(new Set([200]))
    // It was served beside the one that loops, and not after it.
    expect(others.length).toBeGreaterThan(0)
    await eventually(() => served.lines.some(({ message }) => message === 'a replica died: hang (signal SIGKILL)'))
    await untilReady(served, 2)
    expect(served.engine.load).toEqual(NOTHING)
  })

  it('is found out also when its caller leaves at once', async () => {
    const served = await serveReplicas('misbehaving.js', { requestTimeout: '500ms', hangTimeout: '200ms' })
    const leave = new AbortController()
    const left = ask(served, { fault: 'loop', say: 'begun' }, { signal: leave.signal }).catch(() => 'left')
    await untilSaid(served, 'begun')
    leave.abort()
    expect(await left).toBe('left')
    await eventually(() => served.engine.restarts.get('hang') === 1)
    await untilReady(served, 1)
    // A machine that is busy may miss a deadline of half a second.
    await expect.poll(() => askStatus(served, {})).toBe(200)
  })

  it('is left alone while it computes within its deadline', async () => {
    const served = await serveReplicas('misbehaving.js', { requestTimeout: '5s', hangTimeout: '100ms' })
    const calls = [askStatus(served, { fault: 'block', argument: 1500 }), askStatus(served, {})]
    expect(await Promise.all(calls)).toEqual([200, 200])
    expect(served.engine.restarts.size).toBe(0)
  })
})

it('moves calls that wait behind one that computes to a replica that is free', async () => {
  const served = await serveReplicas('misbehaving.js', { workers: 2 })
  const { blocked, release } = await block(served)
  const statuses = await Promise.all(Array.from({ length: 30 }, () => askStatus(served, {})))
  expect(statuses.every(status => status === 200)).toBe(true)
  release()
  expect((await blocked).status).toBe(200)
  expect(served.engine.load).toEqual(NOTHING)
})

it('answers a call that computed before it begins another that came with it', async () => {
  const served = await serveReplicas('misbehaving.js')
  const file = join(temporaryFolder(), 'released')
  const connection = await RawConnection.open(served.server.url)
  const calls = [{ fault: 'block', argument: 20 }, { fault: 'blockUntil', argument: file }, {}]
  // In one piece, so that they are handled, and cross to the replica, in one turn of the event loop.
  connection.send(calls.map(call => post(JSON.stringify(call))).join(''))
  expect(JSON.parse((await connection.response()).body)).toMatchObject({ calls: 1 })
  writeFileSync(file, '')
  expect([(await connection.response()).status, (await connection.response()).status]).toEqual([200, 200])
  connection.destroy()
})

it('does not begin with a call whose caller left while it waited in a replica', async () => {
  const served = await serveReplicas('misbehaving.js')
  const { blocked, release } = await block(served)
  const leave = new AbortController()
  const left = ask(served, {}, { signal: leave.signal }).catch(() => 'left')
  await eventually(() => served.engine.load.running === 2)
  leave.abort()
  expect(await left).toBe('left')
  // While the other still holds up the process.
  await eventually(() => served.engine.load.running === 1)
  release()
  await blocked
  const answer = await (await ask(served, {})).json()
  expect(answer).toMatchObject({ calls: 2 })
})

it('gives a replica up that dies again and again, says so, and starts no storm', async () => {
  const served = await serveReplicas('misbehaving.js')
  for (let death = 0; death < 5; death += 1) {
    await untilReady(served, 1)
    expect(await askStatus(served, { fault: 'exit' })).toBe(500)
    await eventually(() => served.engine.restarts.get('exited') === death + 1)
  }
  expect(served.engine.state).toBe('failed')
  const ready = await fetch(`${served.server.url}/ready`)
  expect([ready.status, (await ready.json()) as object]).toMatchObject([503, { code: 'unavailable' }])
  expect(ready.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await askStatus(served, {})).toBe(503)
  expect(served.engine.replicas).toEqual([])
  expect((await fetch(`${served.server.url}/livez`)).status).toBe(200)
})
