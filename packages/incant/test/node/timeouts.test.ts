// @module-tag slow
import { describe, expect, it } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { RawConnection } from './_raw-connection.ts'
import { Echo, post, served } from './_served.ts'

/** Bytes that no socket takes at once. */
const LARGE = 64 * 1024 * 1024

const CUT_OFF = 'a client stopped reading its response and was cut off'

class Slow extends BasePredictor {
  async predict(): Promise<string> {
    await new Promise(resolve => setTimeout(resolve, 2500))
    return 'done'
  }
}

class Large extends BasePredictor {
  predict(): string {
    return 'x'.repeat(LARGE)
  }
}

/** Sends one byte after the other, slowly, until the connection is closed. */
async function trickle(connection: RawConnection, text: string): Promise<void> {
  for (const character of text) {
    if (connection.socket.closed || connection.received !== '') return
    connection.send(character)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

describe('time runs out for', () => {
  it.each([
    ['a connection that sends nothing', ''],
    ['headers that trickle in', `GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ${'x'.repeat(200)}`],
    ['a body that trickles in', `${post('').replace('Content-Length: 0', 'Content-Length: 200')}${' '.repeat(199)}`],
  ])('%s: 408', async (_what, text) => {
    const { server, lines } = await served(Echo, { headersTimeout: 1000, bodyTimeout: 1500 })
    const connection = await RawConnection.open(server.url)
    const sending = trickle(connection, text)
    const response = await connection.response()
    expect(response.status).toBe(408)
    expect(JSON.parse(response.body)).toMatchObject({ code: 'request_timeout', status: 408 })
    expect(response.headers.get('connection')).toEqual(['close'])
    await Promise.all([sending, connection.closed])
    expect(lines.filter(({ message }) => message === 'request')).toHaveLength(1)
    expect(lines.at(-1)?.fields).toMatchObject({ status: 408, reason: 'request_timeout' })
  })

  it('a reader who takes nothing of an answer that is all there: cut off, and not counted as answered', async () => {
    const { server, lines } = await served(Large, { stallTimeout: 1000 })
    const connection = await RawConnection.open(server.url)
    connection.socket.pause()
    connection.send(post('{}'))
    await expect.poll(() => lines.map(({ message }) => message)).toContain(CUT_OFF)
    await expect.poll(() => lines.map(({ fields }) => fields['status'])).toContain(499)
    connection.destroy()
  })

  it('no reader who is slow and takes some of it, now and then', async () => {
    const { server, lines } = await served(Large, { stallTimeout: 1000 })
    const { socket } = await RawConnection.open(server.url)
    let received = 0
    socket.removeAllListeners('data').on('data', ({ length }: { length: number }) => {
      received += length
    })
    socket.write(post('{}'))
    for (let turn = 0; turn < 20; turn += 1) {
      socket.pause()
      await new Promise(resolve => setTimeout(resolve, 100))
      socket.resume()
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(received).toBeLessThan(LARGE)
    await expect.poll(() => received).toBeGreaterThan(LARGE)
    await expect.poll(() => lines.map(({ fields }) => fields['status'])).toContain(200)
    expect(lines.map(({ message }) => message)).not.toContain(CUT_OFF)
    socket.destroy()
  })

  it('an idle connection: closed without a word', async () => {
    const { server } = await served(Echo, { keepAliveTimeout: 300 })
    const connection = await RawConnection.open(server.url)
    await connection.send(post('1')).response()
    expect(await connection.closed).toBe('ended')
    expect(connection.received).toBe('')
  })

  it('nobody while predict is what takes long, whatever the other timeouts', async () => {
    const { server } = await served(Slow, {
      stallTimeout: 1000,
      headersTimeout: 1000,
      bodyTimeout: 1000,
      keepAliveTimeout: 100,
    })
    const connection = await RawConnection.open(server.url)
    expect((await connection.send(post('{}')).response()).body).toBe('done')
    connection.destroy()
  })
})
