import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually } from '../node/_served.ts'
import { ask, askStatus, block, isAlive, NOTHING, serveReplicas, startReplicas, untilReady } from './_replicas.ts'

/** How many calls the last test makes. `.ci/steps/endurance.sh` asks for more. */
const CALLS = Number(process.env['FAULT_CALLS'] ?? 300)

/** Until the test is over. */
function setVariable(name: string, value: string): void {
  process.env[name] = value
  onTestFinished(() => void delete process.env[name])
}

describe('setup in a process of its own', () => {
  it.each([
    ['throws', 'setup_failed', /setup\(\) threw: no weights/],
    ['exits', 'setup_failed', /the process ended during setup\(\) or while the file loaded: exited \(code 3\)/],
    ['hangs', 'setup_timeout', /setup\(\) did not finish within 0\.3 s/],
    ['blocks', 'setup_timeout', /setup\(\) did not finish within 0\.3 s and blocks its process/],
  ])('that %s fails the start: %s', async (setup, code, message) => {
    setVariable('SETUP', setup)
    // What fails is waited for as long as it takes to start a process here.
    const setupTimeout = code === 'setup_timeout' ? '300ms' : '20s'
    const served = await startReplicas('misbehaving.js', { workers: 2, setupTimeout, hangTimeout: '200ms' })
    const ready = await fetch(`${served.server.url}/ready`)
    expect(ready.status).toBe(503)
    await expect(served.server.ready).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    await eventually(() => served.engine.replicas.length === 0)
  })

  it('is ended by a close, even while it holds up its process', async () => {
    setVariable('SETUP', 'blocks')
    const served = await startReplicas('misbehaving.js')
    await eventually(() => served.engine.replicas[0]?.pid !== undefined)
    await served.server.close({ gracePeriod: 0 })
    expect(served.engine.replicas).toEqual([])
  })
})

it.each([
  ['calls', { maxRequests: 20 }, 'max_requests'],
  ['memory', { maxMemory: '1MiB' }, 'max_memory'],
] as const)(
  'replaces a replica after so much of %s, with no call refused',
  { tags: ['slow'] },
  async (_name, limit, reason) => {
    const served = await serveReplicas('misbehaving.js', { ...limit, queue: 10_000, concurrency: 4 })
    const [first] = served.engine.replicas
    const statuses: Promise<number>[] = []
    await eventually(() => {
      statuses.push(askStatus(served, { wait: 2 }))
      return (served.engine.restarts.get(reason) ?? 0) > 0
    })
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]))
    await eventually(() => !isAlive(first?.pid ?? 0))
    const line = served.lines.find(({ message }) => message === 'a replica is replaced')
    expect(line).toMatchObject({ level: 'info', fields: { replica: 0, reason } })
  },
)

describe('the queue', { tags: ['slow'] }, () => {
  it('is served first come, first served; beyond its end it is a 503 that says when to come back', async () => {
    const served = await serveReplicas('misbehaving.js', { concurrency: 1, queue: 3 })
    for (let call = 0; call < 3; call += 1) await askStatus(served, { wait: 600 })
    const { blocked, release } = await block(served)
    const order: number[] = []
    const waiting: Promise<void>[] = []
    for (const echo of [1, 2, 3]) {
      waiting.push(
        askStatus(served, { echo }).then(status => {
          expect(status).toBe(200)
          order.push(echo)
        }),
      )
      await eventually(() => served.engine.load.waiting === echo)
    }
    const refused = await ask(served, {})
    expect(await refused.json()).toMatchObject({ status: 503, code: 'queue_full' })
    // Three wait, and each takes more than half a second: at least a second.
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]$/)
    release()
    await Promise.all([blocked, ...waiting])
    expect(order).toEqual([1, 2, 3])
  })

  it('lets calls go unserved whose deadline passes or whose caller leaves', async () => {
    const options = { concurrency: 1, requestTimeout: '2s', hangTimeout: '60s' } as const
    const served = await serveReplicas('misbehaving.js', options)
    const { blocked, release } = await block(served)
    const leave = new AbortController()
    const left = ask(served, {}, { signal: leave.signal }).catch(() => 'left')
    await eventually(() => served.engine.load.waiting === 1)
    leave.abort()
    await eventually(() => served.engine.load.waiting === 0)
    expect(await left).toBe('left')
    const late = askStatus(served, {})
    expect([(await blocked).status, await late]).toEqual([504, 504])
    release()
    expect(await (await ask(served, {})).json()).toMatchObject({ calls: 2 })
  })
})

it('shows what the last replica died of, the restarts and the replicas, where /health may tell', async () => {
  const served = await serveReplicas('misbehaving.js', { healthDetails: true })
  expect(await askStatus(served, { fault: 'exit' })).toBe(500)
  await untilReady(served, 1)
  const response = await fetch(`${served.server.url}/health`)
  expect(await response.json()).toMatchObject({
    health: { status: 'ok' },
    engine: {
      ...{ state: 'ready', running: 0, waiting: 0, restarts: { exited: 1 } },
      lastDeath: { replica: 0, reason: 'exited (code 7)' },
      replicas: [{ index: 0, ready: true, inFlight: 0, pid: expect.any(Number), rss: expect.any(Number) }],
    },
  })
})

it('says nothing of itself in /health by default', async () => {
  const served = await serveReplicas('misbehaving.js')
  expect(await (await fetch(`${served.server.url}/health`)).json()).toEqual({ status: 'ok', calls: 0 })
})

it('gives the last known health while every replica computes', async () => {
  const served = await serveReplicas('misbehaving.js')
  const health = async () => (await fetch(`${served.server.url}/health`)).json()
  await expect.poll(health).toEqual({ status: 'ok', calls: 0 })
  const { blocked, release } = await block(served)
  // The answer comes while predict holds up its process, which release alone ends.
  const response = await fetch(`${served.server.url}/health`)
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok', calls: 0 }])
  release()
  expect((await blocked).status).toBe(200)
  expect(await (await fetch(`${served.server.url}/health`)).json()).toEqual({ status: 'ok', calls: 1 })
})

it('ends when its front does, also where predict holds it up', { tags: ['slow'] }, async () => {
  const front = spawn(process.execPath, [fileURLToPath(new URL('./fixtures/front.js', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void front.kill('SIGKILL'))
  const [line] = await once(front.stdout, 'data')
  const pids = JSON.parse(String(line)) as number[]
  expect(pids.map(isAlive)).toEqual([true, true])
  front.kill('SIGKILL')
  await eventually(() => !pids.some(isAlive))
})

const LONG = { tags: ['slow'], timeout: 120_000 }

it('comes back to nothing after calls with every kind of fault, disconnects and deadlines', LONG, async () => {
  // A caller that leaves at once has made a connection that may say nothing for long: 408 is not what is looked for.
  const patience = { headersTimeout: '120s', bodyTimeout: '120s' } as const
  const options = { workers: 2, requestTimeout: '500ms', hangTimeout: '1s', ...patience } as const
  const served = await serveReplicas('misbehaving.js', options)
  const faults = ['exit', 'rejection', 'loop', 'kill']
  const every = Math.floor(CALLS / faults.length)
  const calls = Array.from({ length: CALLS }, async (_, index) => {
    await new Promise(resolve => setTimeout(resolve, index * 5))
    const leave = new AbortController()
    if (index % 7 === 0) setTimeout(() => leave.abort(), index % 40)
    const fault = index % every === 40 ? { fault: faults[Math.floor(index / every)] } : {}
    const wait = index % 11 === 0 ? 1000 : index % 20
    return ask(served, { wait, ...fault }, { signal: leave.signal }).then(
      async response => {
        await response.arrayBuffer()
        return response.status
      },
      () => 'left',
    )
  })
  const outcomes = new Set(await Promise.all(calls))
  expect([...outcomes].filter(outcome => ![200, 500, 503, 504, 'left'].includes(outcome))).toEqual([])
  await eventually(() => served.engine.load.running === 0 && served.engine.load.waiting === 0)
  // A machine that is busy takes a replica for one that hangs: after too many deaths the next start waits.
  await untilReady(served, 2, 45_000)
  expect(served.engine.load).toEqual(NOTHING)
  for (const replica of served.engine.replicas) expect([replica.inFlight, replica.idle]).toEqual([0, true])
  // A machine that is busy may miss a deadline of half a second.
  await expect.poll(() => askStatus(served, {})).toBe(200)
})
