import { expect, it } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { RawConnection } from './_raw-connection.ts'
import { eventually, post, served } from './_served.ts'

/** Answers when it is told to. */
class Held extends BasePredictor {
  static readonly #waiting: ((value: string) => void)[] = []
  static begun = 0

  static answer(): void {
    for (const resolve of Held.#waiting.splice(0)) resolve('done')
  }

  predict(_payload: unknown): Promise<string> {
    Held.begun += 1
    return new Promise(resolve => Held.#waiting.push(resolve))
  }
}

const probe = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

async function openMany(url: string, count: number, address: string): Promise<readonly RawConnection[]> {
  return Promise.all(Array.from({ length: count }, () => RawConnection.open(url, address)))
}

it('a request past the limit waits for its turn, and those of another address do not', async () => {
  const { server } = await served(Held, { maxConnections: 8 })
  Held.begun = 0
  const connections = await openMany(server.url, 6, '127.0.0.1')
  for (const connection of connections) connection.send(post('1'))
  const [other] = await openMany(server.url, 1, '127.0.0.2')
  other?.send(post('1'))
  await eventually(() => Held.begun === 3)
  for (const path of ['/livez', '/ready']) {
    const [asking] = await openMany(server.url, 1, '127.0.0.1')
    expect((await asking?.send(probe(path)).response())?.status).toBe(200)
    asking?.destroy()
  }
  const responses = [other, ...connections].map(connection => connection?.response())
  for (const begun of [5, 7, 7]) {
    Held.answer()
    await eventually(() => Held.begun === begun)
  }
  expect((await Promise.all(responses)).map(response => response?.status)).toEqual(Array(7).fill(200))
  for (const connection of [other, ...connections]) connection?.destroy()
})

it('a request whose turn does not come in time is a 503 that says when to come back', { tags: ['slow'] }, async () => {
  const { server, lines } = await served(Held, { maxConnectionsPerAddress: 1, headersTimeout: '1s' })
  const [first, second] = await openMany(server.url, 2, '127.0.0.1')
  Held.begun = 0
  first?.send(post('1'))
  await eventually(() => Held.begun === 1)
  const refused = await second?.send(post('1')).response()
  expect([refused?.status, refused?.headers.get('retry-after'), refused?.headers.get('connection')]).toEqual([
    503,
    ['1'],
    ['close'],
  ])
  expect(JSON.parse(refused?.body ?? '')).toMatchObject({ code: 'too_many_connections' })
  expect(lines).toContainEqual(
    expect.objectContaining({ fields: expect.objectContaining({ reason: 'too_many_connections', status: 503 }) }),
  )
  Held.answer()
  expect((await first?.response())?.status).toBe(200)
})

it('connections that are open and idle are in nobody’s way', async () => {
  const { server } = await served(undefined, { maxConnections: 2 })
  const connections = await openMany(server.url, 12, '127.0.0.1')
  for (const connection of connections) expect((await connection.send(post('1')).response()).status).toBe(200)
  for (const connection of connections) connection.destroy()
})

it('a caller that leaves while it waits gives its place up', async () => {
  const { server, lines } = await served(Held, { maxConnections: 1 })
  Held.begun = 0
  const [first, second, third] = await openMany(server.url, 3, '127.0.0.1')
  first?.send(post('1'))
  await eventually(() => Held.begun === 1)
  second?.send(post('1'))
  second?.socket.end()
  await eventually(() => lines.some(({ fields }) => fields['status'] === 499))
  third?.send(post('1'))
  Held.answer()
  expect((await first?.response())?.status).toBe(200)
  await eventually(() => Held.begun === 2)
  Held.answer()
  expect((await third?.response())?.status).toBe(200)
})

it('connections far past the limit are closed, and one address never has all of them', async () => {
  const { server, lines } = await served(undefined, { maxConnections: 1 })
  const connections = await openMany(server.url, 6, '127.0.0.1')
  const [more] = await openMany(server.url, 1, '127.0.0.1')
  await more?.closed
  const others = await openMany(server.url, 2, '127.0.0.2')
  for (const connection of [...connections, ...others]) {
    expect((await connection.send(probe('/livez')).response()).status).toBe(200)
  }
  const [last] = await openMany(server.url, 1, '127.0.0.3')
  await last?.closed
  expect(lines).toContainEqual({
    level: 'warn',
    message: 'connection limit reached: new connections are closed',
    fields: { open: 8, maxConnections: 1 },
  })
  for (const connection of [...connections, ...others]) connection.destroy()
})

it('a trusted proxy has no limit of an address', async () => {
  const { server } = await served(Held, { maxConnections: 8, trustedProxies: ['127.0.0.1'] })
  Held.begun = 0
  const connections = await openMany(server.url, 6, '127.0.0.1')
  for (const connection of connections) connection.send(post('1'))
  await eventually(() => Held.begun === 6)
  Held.answer()
  for (const connection of connections) expect((await connection.response()).status).toBe(200)
})
