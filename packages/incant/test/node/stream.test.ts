import { describe, expect, it, vi } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { RawConnection } from './_raw-connection.ts'
import { eventually, post, served } from './_served.ts'

const log: string[] = []

class Endless extends BasePredictor {
  async *predict(): AsyncGenerator<number> {
    try {
      for (let item = 0; ; item++) {
        yield item
        await new Promise(resolve => setImmediate(resolve))
      }
    } finally {
      log.push('returned')
    }
  }
}

class Failing extends BasePredictor {
  async *predict(): AsyncGenerator<number> {
    yield 1
    throw new Error('the secret of the model')
  }
}

/** Bytes that fail after the first ones, when the test says so. */
class FailingBytes extends BasePredictor {
  static fail: () => void = () => {}

  predict(): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('begun'))
        FailingBytes.fail = () => controller.error(new Error('the secret of the model'))
      },
    })
  }
}

/** Bytes without end, as fast as they are read. */
class Flood extends BasePredictor {
  predict(): ReadableStream<Uint8Array> {
    return new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536))
      },
      cancel() {
        log.push('cancelled')
      },
    })
  }
}

/** Responses that cannot go out as they are. */
class Wrong extends BasePredictor {
  predict(kind: 'length' | 'header'): Response {
    return kind === 'length'
      ? new Response('hello, HTTP/1.1 200 OK', { headers: { 'content-length': '5' } })
      : new Response('hello', { headers: { 'x-split': 'a\r\nSet-Cookie: b' } })
  }
}

describe('a Response of the predictor', () => {
  it('with a Content-Length that is too small is cut off, not continued in the next one', async () => {
    const { server } = await served(Wrong)
    const connection = await RawConnection.open(server.url)
    connection.send(post('"length"') + post('"length"'))
    await connection.closed
    expect(connection.received.match(/HTTP\/1\.1 200/g)).toHaveLength(1)
    expect(connection.received).not.toContain('hello, ')
  })

  it('with a line break in a header is a 500, and the process lives on', async () => {
    const { server } = await served(Wrong)
    const connection = await RawConnection.open(server.url)
    const response = await connection.send(post('"header"')).response()
    expect([response.status, JSON.parse(response.body).code]).toEqual([500, 'internal'])
    expect(response.head).not.toContain('Set-Cookie')
    expect((await connection.send(post('"header"')).response()).status).toBe(500)
    connection.destroy()
  })
})

describe('a streamed response', () => {
  it('whose caller leaves returns the generator within a second', async () => {
    log.length = 0
    const { server, lines } = await served(Endless)
    const connection = await RawConnection.open(server.url)
    await connection.send(post('{}')).until(received => received.includes('data: 3'))
    connection.destroy()
    await eventually(() => log.includes('returned'))
    expect(lines.at(-1)?.fields).toMatchObject({ status: 499, reason: 'client_closed' })
    expect((await server.close()).cut).toBe(0)
  })

  it.each([
    ['HTTP/1.1', 'without the last chunk', 'ended'],
    ['HTTP/1.0', 'with a reset, since a plain close looks complete', 'reset'],
  ])('that fails is cut off: %s %s', async (version, _how, end) => {
    const stderr = vi.spyOn(process.stderr, 'write')
    const complaint = vi.spyOn(console, 'error')
    const { server, lines } = await served(FailingBytes)
    const connection = await RawConnection.open(server.url)
    connection.send(post('{}').replace('HTTP/1.1', version))
    // A reset that comes together with bytes looks like an end to libuv: it takes what came short for all there was.
    await connection.until(received => received.includes('begun'))
    FailingBytes.fail()
    expect(await connection.closed).toBe(end)
    expect(connection.received).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(connection.received).not.toContain('secret')
    expect(stderr).not.toHaveBeenCalled()
    expect(complaint).not.toHaveBeenCalled()
    await eventually(() => lines.some(({ message }) => message === 'request'))
    vi.restoreAllMocks()
  })

  it('that fails ends with an error event, and then without the last chunk', async () => {
    const { server } = await served(Failing)
    const connection = await RawConnection.open(server.url)
    connection.send(post('{}'))
    await connection.closed
    expect(connection.received).toContain('event: error')
    expect(connection.received).not.toContain('secret')
    expect(connection.received).not.toMatch(/\r\n0\r\n\r\n$/)
  })

  it('goes no faster than it is read, and is cut off when its reader takes nothing', async () => {
    log.length = 0
    const { server, lines } = await served(Flood, { stallTimeout: 1000 })
    const connection = await RawConnection.open(server.url)
    connection.socket.pause()
    connection.send(post('{}'))
    await eventually(() => log.includes('cancelled'))
    expect(lines).toContainEqual({
      level: 'warn',
      message: 'a client stopped reading its response and was cut off',
      fields: expect.objectContaining({ client: '127.0.0.1' }),
    })
    await eventually(() => lines.some(({ fields }) => fields['status'] === 499))
    connection.destroy()
  })
})
