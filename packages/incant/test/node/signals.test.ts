// @module-tag slow
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import type { ServeOptions } from '../../src/node/serve-options.ts'
import { RawConnection } from './_raw-connection.ts'
import { codeOf, eventually, post } from './_served.ts'

/** It runs the package as it is built: `npm test` builds before it runs this. */
const FIXTURE = fileURLToPath(new URL('./fixtures/server.js', import.meta.url))

interface Child {
  readonly process: ChildProcess
  readonly url: string
  readonly messages: unknown[]
  readonly exit: Promise<number | string | null>
  output: string
}

/** Runs the fixture until it listens. */
async function run(options: ServeOptions, setup = 'works'): Promise<Child> {
  const child = fork(FIXTURE, {
    env: {
      ...process.env,
      SETUP: setup,
      OPTIONS: JSON.stringify({ port: 0, logFormat: 'json', drainDelay: 0, ...options }),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exit = new Promise<number | string | null>(resolve =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const running = { process: child, url: '', messages: [] as unknown[], exit, output: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', text => {
      running.output += text
    })
  }
  child.on('message', message => {
    running.messages.push(message)
    if (typeof message === 'object' && 'url' in message) running.url = String(message.url)
  })
  await eventually(() => running.url !== '', 40_000)
  if (setup === 'works') await eventually(() => running.messages.includes('ready'), 40_000)
  return running
}

/** Sends a request that predict answers when it is told to, and waits until it has begun. */
async function begin(child: Child): Promise<{ connection: RawConnection; finish: () => void }> {
  const connection = await RawConnection.open(child.url)
  connection.send(post(JSON.stringify({ waits: true })))
  await eventually(() => child.messages.includes('begun'))
  return { connection, finish: () => void child.process.send('finish') }
}

/** The last line of the log, which says how the server has ended. */
function lastLine({ output }: Child): unknown {
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
}

it.each(['SIGTERM', 'SIGINT'] as const)('%s lets work finish and exits with 0', async signal => {
  const child = await run({})
  const { connection, finish } = await begin(child)
  child.process.kill(signal)
  await eventually(() => child.output.includes('stopping'))
  finish()
  const response = await connection.response()
  expect([response.status, response.headers.get('connection')]).toEqual([200, ['close']])
  expect(await child.exit).toBe(0)
  expect(child.messages.at(-1)).toBe('closed')
  expect(child.output).toContain(`"signal":"${signal}"`)
  expect(child.output).toContain('"status":200')
  expect(lastLine(child)).toMatchObject({ level: 'info', msg: 'stopped in order: nothing was cut off' })
})

it('serves on for the drain delay, during which /ready says no', async () => {
  const child = await run({ drainDelay: '2s' })
  child.process.kill('SIGTERM')
  await eventually(() => child.output.includes('stopping'))
  const ready = await fetch(`${child.url}/ready`)
  expect([ready.status, ready.headers.get('connection'), await codeOf(ready)]).toEqual([503, 'close', 'draining'])
  const response = await fetch(`${child.url}/predict`, { method: 'POST', body: '{}' })
  expect([response.status, await response.text()]).toEqual([200, 'done'])
  expect(await child.exit).toBe(0)
})

it('exits with 1 where it had to cut work off', async () => {
  const child = await run({ gracePeriod: '300ms' })
  const { connection } = await begin(child)
  child.process.kill('SIGTERM')
  expect(await child.exit).toBe(1)
  await connection.closed
  expect(child.messages.at(-1)).toBe('closed')
  expect(lastLine(child)).toMatchObject({ level: 'warn', cut: 1 })
})

it('ends at once at the second signal', async () => {
  const child = await run({ gracePeriod: '1h' })
  const { connection } = await begin(child)
  child.process.kill('SIGTERM')
  await eventually(() => child.output.includes('stopping'))
  child.process.kill('SIGINT')
  expect(await child.exit).toBe(1)
  await connection.closed
})

it('takes the echo of a Ctrl-C, which npm passes on too, for one signal', async () => {
  const child = await run({})
  const { connection, finish } = await begin(child)
  child.process.kill('SIGINT')
  await eventually(() => child.output.includes('stopping'))
  child.process.kill('SIGINT')
  finish()
  expect((await connection.response()).status).toBe(200)
  expect(await child.exit).toBe(0)
})

it('ends promptly at a signal during setup', async () => {
  const child = await run({}, 'hangs')
  child.process.kill('SIGTERM')
  expect(await child.exit).toBe(0)
})

it('exits with 1 and says why when setup fails', async () => {
  const child = await run({}, 'throws')
  expect(await child.exit).toBe(1)
  expect(child.output).toMatch(/setup_failed: .*no weights/)
})

it.each([
  ['rejection', 'a promise was rejected and no code awaits it'],
  ['exception', 'an exception was thrown where no code can catch it'],
])('survives a stray %s in predict, and logs it', async (stray, message) => {
  const child = await run({})
  const first = await fetch(`${child.url}/predict`, { method: 'POST', body: JSON.stringify({ stray }) })
  expect([first.status, await first.text()]).toEqual([200, 'done'])
  const second = await fetch(`${child.url}/predict`, { method: 'POST', body: '{}' })
  expect(second.status).toBe(200)
  child.process.kill('SIGTERM')
  expect(await child.exit).toBe(0)
  const line: unknown = JSON.parse(child.output.split('\n').find(text => text.includes(message)) ?? '{}')
  expect(line).toMatchObject({
    level: 'error',
    msg: message,
    requestId: first.headers.get('x-request-id'),
    error: { message: `a stray ${stray}` },
  })
})

it('writes every line before it exits, and console.log of predict as one with its request id', async () => {
  const child = await run({})
  const body = JSON.stringify({ say: 'hello\n{"level":"info","msg":"forged"}' })
  const response = await fetch(`${child.url}/predict`, { method: 'POST', body })
  child.process.kill('SIGTERM')
  expect(await child.exit).toBe(0)
  const lines = child.output
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'info',
      msg: 'hello\n{"level":"info","msg":"forged"}',
      requestId: response.headers.get('x-request-id'),
    }),
  )
  expect(lines.some(({ msg }) => msg === 'forged')).toBe(false)
})
