import { expect, it, vi } from 'vitest'
import { serve } from '../../src/node/serve.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { gate } from '../app/_serving.ts'
import { RawConnection } from './_raw-connection.ts'
import { eventually, post, rememberingLogger, served } from './_served.ts'

const events: string[] = []

/** Answers at once, or when the test releases it, and writes down what happens to it. */
class Waiting extends BasePredictor {
  static released = gate()

  async predict(how: 'at once' | 'when released'): Promise<string> {
    events.push('begun')
    if (how === 'when released') await Waiting.released.opened
    events.push('finished')
    return 'done'
  }

  override close(): void {
    events.push('closed')
  }
}

class Counting extends BasePredictor {
  static released = gate()

  async *predict(): AsyncGenerator<number> {
    yield* [0, 1]
    await Counting.released.opened
    yield* [2, 3, 4]
  }
}

const AT_ONCE = post('"at once"')
const WHEN_RELEASED = post('"when released"')

async function openedWaiting() {
  events.length = 0
  Waiting.released = gate()
  const { server } = await served(Waiting, { gracePeriod: 5000 })
  return { server, connection: await RawConnection.open(server.url) }
}

it('finishes what has begun, with Connection: close, and then closes the predictor', async () => {
  const { server, connection } = await openedWaiting()
  const idle = await RawConnection.open(server.url)
  await idle.send(AT_ONCE).response()
  connection.send(WHEN_RELEASED)
  await eventually(() => events.filter(event => event === 'begun').length === 2)
  const closing = server.close()
  Waiting.released.open()
  const response = await connection.response()
  expect([response.status, response.headers.get('connection')]).toEqual([200, ['close']])
  expect(await closing).toEqual({ cut: 0 })
  expect(events.slice(-2)).toEqual(['finished', 'closed'])
  expect(await idle.closed).toBe('ended')
  await expect(RawConnection.open(server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(server.state).toBe('stopped')
})

it('lets a stream go on to its end, though its head promised to keep the connection', async () => {
  const { server } = await served(Counting, { gracePeriod: 5000 })
  const connection = await RawConnection.open(server.url)
  await connection.send(post('{}')).until(received => received.includes('data: 1'))
  const closing = server.close()
  Counting.released.open()
  expect(await closing).toEqual({ cut: 0 })
  expect(await connection.closed).toBe('ended')
  expect(connection.received).toMatch(/data: 4[\s\S]*\r\n0\r\n\r\n$/)
})

it('cuts off what does not finish within the grace period', async () => {
  const { server, connection } = await openedWaiting()
  connection.send(WHEN_RELEASED)
  await eventually(() => events.includes('begun'))
  expect(await server.close({ gracePeriod: 100 })).toEqual({ cut: 1 })
  await connection.closed
  expect(events).toContain('closed')
})

it('shortens the grace period when it is called again, and closes the predictor once', async () => {
  const { server, connection } = await openedWaiting()
  connection.send(WHEN_RELEASED)
  await eventually(() => events.includes('begun'))
  const first = server.close({ gracePeriod: '1h' })
  expect(await server.close({ gracePeriod: 0 })).toEqual({ cut: 1 })
  expect(await first).toEqual({ cut: 1 })
  expect(events.filter(event => event === 'closed')).toHaveLength(1)
})

it('says no to new work on a connection that is still open, and closes it', async () => {
  const { server, connection } = await openedWaiting()
  const other = await RawConnection.open(server.url)
  connection.send(WHEN_RELEASED)
  other.send('POST /predict HTTP/1.1\r\n')
  await eventually(() => events.includes('begun'))
  const closing = server.close()
  const refused = await other
    .send('Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n1')
    .response()
  expect(refused.status).toBe(503)
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'draining' })
  expect([refused.headers.get('connection'), refused.headers.get('retry-after')]).toEqual([['close'], ['1']])
  Waiting.released.open()
  expect(await closing).toEqual({ cut: 0 })
})

it('drains: /ready says no, the rest is served, and every response closes its connection', async () => {
  const { server, connection } = await openedWaiting()
  server.drain()
  const ready = await connection.send('GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n').response()
  expect([ready.status, ready.headers.get('connection')]).toEqual([503, ['close']])
  const other = await RawConnection.open(server.url)
  const response = await other.send(AT_ONCE).response()
  expect([response.status, response.headers.get('connection')]).toEqual([200, ['close']])
})

it('logs a close() of the predictor that throws, and is closed all the same', async () => {
  class Clumsy extends Waiting {
    override close(): void {
      throw new Error('it fell down')
    }
  }
  const { server, lines } = await served(Clumsy)
  expect(await server.close()).toEqual({ cut: 0 })
  expect(lines).toContainEqual({
    level: 'error',
    message: "the predictor's close() failed",
    fields: { error: expect.objectContaining({ message: 'it fell down' }) },
  })
})

it('refuses a grace period that is none', async () => {
  const { server } = await served()
  expect(() => server.close({ gracePeriod: -1 })).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('the grace period is -1') }),
  )
})

it('answers /livez during setup, and 503 to the rest', async () => {
  let finishSetup = () => {}
  class Loading extends BasePredictor {
    override setup(): Promise<void> {
      return new Promise(resolve => {
        finishSetup = resolve
      })
    }
    predict(): string {
      return 'loaded'
    }
  }
  const { logger } = rememberingLogger()
  const server = await serve(Loading, { port: 0, logger })
  const connection = await RawConnection.open(server.url)
  expect((await connection.send('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n').response()).status).toBe(200)
  const early = await connection.send(post('{}')).response()
  expect([early.status, JSON.parse(early.body).code]).toEqual([503, 'starting'])
  expect(early.headers.get('connection')).toEqual(['keep-alive'])
  finishSetup()
  await server.ready
  expect((await connection.send(post('{}')).response()).body).toBe('loaded')
  connection.destroy()
  await server.close()
})

it('leaves no handler, and the console as it was', async () => {
  const signals = vi.spyOn(process, 'on')
  const original = console.log
  const { server } = await served()
  expect(console.log).not.toBe(original)
  await server.close()
  expect(console.log).toBe(original)
  const watched = signals.mock.calls.map(([event]) => event)
  expect(watched).not.toEqual(expect.arrayContaining(['SIGTERM', 'SIGINT', 'unhandledRejection', 'uncaughtException']))
  vi.restoreAllMocks()
})
