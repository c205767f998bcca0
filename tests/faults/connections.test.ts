import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { startServer, stop } from './_server.ts'

/** Connections of one address: four times as many as have requests handled at once by default, and all but refused. */
const CONNECTIONS = 4000

const REQUEST = [
  'POST /predict HTTP/1.1',
  'Host: 127.0.0.1',
  'Content-Type: application/json',
  'Content-Length: 2',
  '',
  '{}',
].join('\r\n')

/** A call takes 20 ms of which nothing is computed: what is served is then for the front to say. */
const WAITING = `import { BasePredictor } from 'incant'
import { setTimeout as sleep } from 'node:timers/promises'

export default class Predictor extends BasePredictor {
  async predict(_payload: {}): Promise<number> {
    await sleep(20)
    return 1
  }
}
`

async function open(url: string): Promise<readonly Socket[]> {
  const { port } = new URL(url)
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  while (sockets.length < CONNECTIONS) {
    const some = Array.from({ length: 100 }, () => connect(Number(port), '127.0.0.1').setEncoding('latin1'))
    sockets.push(...some)
    await Promise.all(some.map(socket => once(socket, 'connect')))
  }
  return sockets
}

/** The status of one call; an answer is small, and comes in one piece. */
async function call(socket: Socket): Promise<number> {
  socket.write(REQUEST)
  const [text] = await Promise.race([once(socket, 'data'), once(socket, 'close')])
  return Number(/^HTTP\/1\.1 (\d+)/.exec(String(text))?.[1])
}

it(`${CONNECTIONS} connections with a call in hand each: what finds a place is served all the while`, async () => {
  const server = await startServer({ predictor: WAITING })
  const sockets = await open(server.url)
  const found = new Map<number, number>()
  const count = (status: number) => found.get(status) ?? 0
  const callers = sockets.map(async socket => {
    while (count(200) < 1000) {
      const status = await call(socket)
      found.set(status, count(status) + 1)
    }
  })
  for (const path of ['/livez', '/ready']) expect((await fetch(`${server.url}${path}`)).status).toBe(200)
  await Promise.all(callers)
  // No caller is without an answer, and none has another one.
  expect([...found.keys()].sort()).toEqual([200, 503])
  // Where calls go to a replica once in a long turn of the loop, there are hundreds for each that is served.
  expect(count(503) / count(200)).toBeLessThan(100)
  const metrics = await server.metrics(
    of => of.value('incant_requests_total', { route: '/predict', status: '200' }) === count(200),
  )
  expect(metrics.value('incant_requests_total', { route: '/predict', status: '503' })).toBe(count(503))
  const refused = () => server.log().filter(({ reason }) => reason === 'queue_full')
  await expect.poll(() => refused().length).toBe(count(503))
  expect(server.log().filter(({ level }) => level === 'error')).toEqual([])
  expect(await server.call({})).toBe(200)
  expect(await stop(server)).toBe(0)
})
