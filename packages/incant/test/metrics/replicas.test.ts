// @module-tag slow
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../cli/test/temporary-folder.ts'
import { METRICS } from '../../src/metrics/definitions.ts'
import { eventually } from '../node/_served.ts'
import { askStatus, isAlive, serveReplicas, untilReady } from '../replica/_replicas.ts'
import { scrape, scrapeUntil } from './_scrape.ts'

const COUNTING = '../../metrics/fixtures/counting.js'

it('two replicas under load, one killed half-way: every answer is counted, and every call that was answered', async () => {
  const served = await serveReplicas(COUNTING, { workers: 2, queue: 1000, concurrency: 4 })
  const CALLS = 400
  const statuses = new Map<number, number>()
  let sent = 0
  const client = async (): Promise<void> => {
    while (sent < CALLS) {
      sent += 1
      if (sent === CALLS / 2) process.kill(served.engine.replicas[0]?.pid ?? -1, 'SIGKILL')
      const status = await askStatus(served, { kind: 'load', wait: 2 })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 16 }, client))
  const answered = { method: 'POST', route: '/predict' }
  const seen = await scrapeUntil(served.server, found => found.sum(METRICS.requests.name, answered) === CALLS)
  for (const [status, count] of statuses) {
    expect(seen.value(METRICS.requests.name, { ...answered, status: String(status) })).toBe(count)
  }
  expect(seen.all(METRICS.requests.name).filter(({ labels }) => labels['route'] === '/predict')).toHaveLength(
    statuses.size,
  )
  const good = statuses.get(200) ?? 0
  expect(good).toBeGreaterThan(CALLS / 2)
  // A call that was killed with its replica may have been counted there and not been heard of.
  const counted = seen.value('fixture_calls_total', { kind: 'load' }) ?? 0
  expect(counted).toBeGreaterThanOrEqual(good)
  expect(counted).toBeLessThanOrEqual(CALLS)
  expect(seen.value(METRICS.replicaRestarts.name, { reason: 'killed' })).toBe(1)
  await untilReady(served, 2, 15_000)
})

it('what a replica counted stays when it is gone; what it measured of itself goes, and its processor time goes on', async () => {
  const served = await serveReplicas(COUNTING)
  const replica = { replica: '0' }
  const calls = { kind: 'kept' }
  const before = (await scrape(served.server)).value('fixture_calls_total', calls) ?? 0
  for (let call = 0; call < 5; call += 1) await askStatus(served, { kind: 'kept', text: 'abc' })
  const alive = await scrapeUntil(served.server, found => (found.value(METRICS.cpuSeconds.name, replica) ?? 0) > 0)
  expect(alive.value('fixture_level', replica)).toBe(3)
  const [first] = served.engine.replicas
  process.kill(first?.pid ?? -1, 'SIGKILL')
  await eventually(() => !isAlive(first?.pid ?? -1))
  const gone = await scrapeUntil(
    served.server,
    found => found.value(METRICS.replicaRestarts.name, { reason: 'killed' }) === 1,
  )
  expect(gone.value('fixture_calls_total', calls)).toBe(before + 5)
  expect(gone.value('fixture_level', replica) ?? 0).toBe(0)
  expect(gone.value('incant_custom', { name: 'length', tag: 'kept', replica: '0' })).toBeUndefined()
  const spent = gone.value(METRICS.cpuSeconds.name, replica) ?? 0
  expect(spent).toBeGreaterThan(0)
  await untilReady(served, 1, 15_000)
  await askStatus(served, { kind: 'kept', text: 'abcd' })
  const again = await scrapeUntil(served.server, found => (found.value(METRICS.cpuSeconds.name, replica) ?? 0) > spent)
  expect(again.value('fixture_calls_total', calls)).toBe(before + 6)
  expect(again.value('fixture_level', replica)).toBe(4)
})

it('a replica and its successor are one: sums go on, and there is one value of each gauge', async () => {
  const served = await serveReplicas(COUNTING, { maxRequests: 5 })
  const calls = { kind: 'worn' }
  const before = (await scrape(served.server)).value('fixture_calls_total', calls) ?? 0
  let asked = 0
  for (
    const until = Date.now() + 15_000;
    !served.engine.restarts.has('max_requests') && Date.now() < until;
    asked += 1
  ) {
    await askStatus(served, calls)
  }
  const seen = await scrapeUntil(
    served.server,
    found =>
      (found.value(METRICS.replicaRestarts.name, { reason: 'max_requests' }) ?? 0) > 0 &&
      (found.value('fixture_calls_total', calls) ?? 0) - before === asked,
  )
  expect(seen.value('fixture_calls_total', calls)).toBe(before + asked)
  expect(seen.all('fixture_level').length).toBeLessThanOrEqual(1)
})

it('counters of a server never go backwards when another application takes over', async () => {
  const served = await serveReplicas(COUNTING)
  const { server } = served
  const calls = { kind: 'reload' }
  const before = (await scrape(server)).value('fixture_calls_total', calls) ?? 0
  for (let call = 0; call < 3; call += 1) await askStatus(served, calls)
  const first = await scrapeUntil(server, found => found.sum(METRICS.requests.name, { route: '/predict' }) === 3)
  expect(first.value('fixture_calls_total', calls)).toBe(before + 3)
  const { default: Counting } = await import('./fixtures/counting.js')
  await server.replace(Counting)
  for (let call = 0; call < 2; call += 1) await askStatus(served, calls)
  const seen = await scrapeUntil(server, found => found.sum(METRICS.requests.name, { route: '/predict' }) === 5)
  expect(seen.value('fixture_calls_total', calls)).toBe(before + 5)
  expect(seen.value(METRICS.ready.name)).toBe(1)
  // The one before is closed, and no more asked.
  await scrapeUntil(server, found => found.value(METRICS.replicas.name, { state: 'ready' }) === 1)
})

it('a replica that computes holds up no scrape', async () => {
  const served = await serveReplicas(COUNTING, { requestTimeout: '60s' })
  const release = join(temporaryFolder({}), 'release')
  const call = askStatus(served, { kind: 'busy', release })
  await scrapeUntil(served.server, found => found.value(METRICS.callsInFlight.name) === 1)
  for (let scrapes = 0; scrapes < 5; scrapes += 1) {
    expect((await scrape(served.server)).value(METRICS.callsInFlight.name)).toBe(1)
  }
  writeFileSync(release, '')
  expect(await call).toBe(200)
})
