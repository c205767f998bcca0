import { describe, expect, it } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { withFullRequest } from '../../src/signature/decorators.ts'
import { turns } from '../app/_serving.ts'
import { RawConnection } from './_raw-connection.ts'
import { Echo, eventually, post, served } from './_served.ts'

const head = (...headers: string[]) =>
  `${['POST /predict HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n`
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

/** Gives back how many bytes the raw body had, or what became of it. */
class Counting extends BasePredictor {
  @withFullRequest
  async predict(request: Request): Promise<{ bytes: number }> {
    return { bytes: (await request.arrayBuffer()).byteLength }
  }
}

async function opened(...given: Parameters<typeof served>) {
  const { server, lines } = await served(...given)
  return { server, lines, connection: await RawConnection.open(server.url) }
}

describe('a body', () => {
  it('arrives whole in any pieces', async () => {
    const { connection } = await opened()
    const text = JSON.stringify({ a: Array.from({ length: 60_000 }, (_, index) => index).join() })
    connection.send(head(`Content-Length: ${text.length}`))
    for (let at = 0; at < text.length; at += 50_000) connection.send(text.slice(at, at + 50_000))
    expect((await connection.response()).body).toBe(`{"got":${text}}`)
    connection.send(`${head('Transfer-Encoding: chunked')}${chunk('{"a"')}${chunk(':1}')}0\r\n\r\n`)
    expect((await connection.response()).body).toBe('{"got":{"a":1}}')
    connection.destroy()
  })

  it('is the same wherever what arrives together ends, and so is the next request', async () => {
    const { connection } = await opened()
    const request = `${head('Content-Length: 7')}{"a":1}`
    const cuts = [1, request.length - 9, request.length - 7, request.length - 1, request.length]
    for (const cut of cuts) {
      connection.send(request.slice(0, cut))
      await turns()
      connection.send(`${request.slice(cut)}${request}`)
      const answers = [await connection.response(), await connection.response()]
      expect([cut, ...answers.map(({ body }) => body)]).toEqual([cut, '{"got":{"a":1}}', '{"got":{"a":1}}'])
    }
    connection.destroy()
  })

  it('that came with its head keeps the connection, also where it is refused unread', async () => {
    const { connection } = await opened()
    connection.send(`${head('Content-Length: 7', 'Content-Encoding: gzip')}{"a":1}`)
    const refused = await connection.response()
    expect([refused.status, refused.headers.get('connection')]).toEqual([415, ['keep-alive']])
    connection.send(`${head('Content-Length: 7')}{"a":2}`)
    expect((await connection.response()).body).toBe('{"got":{"a":2}}')
    connection.destroy()
  })

  it('is refused by its declared length before it is sent, and the caller that sends on still reads why', async () => {
    const { connection, lines } = await opened(Echo, { maxBodySize: 1000 })
    connection.send(head('Content-Length: 10000000')).send('x'.repeat(100_000))
    const response = await connection.response()
    expect(response.status).toBe(413)
    expect(JSON.parse(response.body)).toMatchObject({ code: 'body_too_large', detail: 'A body may have 1000 bytes.' })
    expect(response.headers.get('connection')).toEqual(['close'])
    expect(await connection.closed).toBe('ended')
    expect(lines.at(-1)?.fields).toMatchObject({ status: 413, reason: 'body_too_large' })
  })

  it.each([
    ['one byte past the limit', { maxBodySize: 10 }, 'A body may have 10 bytes.', chunk('x'.repeat(11))],
    ['in too many chunks', { maxBodyChunks: 3 }, 'A body may arrive in 3 chunks.', chunk('1').repeat(4)],
  ])('%s is a 413 while it still arrives', async (_what, options, detail, sent) => {
    const { connection } = await opened(Echo, options)
    const response = await connection.send(head('Transfer-Encoding: chunked') + sent).response()
    expect(response.status).toBe(413)
    expect(JSON.parse(response.body)).toMatchObject({ code: 'body_too_large', detail })
    expect(response.headers.get('connection')).toEqual(['close'])
    connection.destroy()
  })

  it('with too many bytes of chunk extensions is a 413', async () => {
    const { connection } = await opened()
    const response = await connection
      .send(`${head('Transfer-Encoding: chunked')}1;${'a'.repeat(20_000)}\r\n1\r\n`)
      .response()
    expect(response.status).toBe(413)
    expect(JSON.parse(response.body)).toMatchObject({ code: 'body_too_large' })
    connection.destroy()
  })

  it('with a malformed chunk is a 400 of the request it belongs to', async () => {
    const { connection, lines } = await opened()
    const response = await connection
      .send(`${head('Transfer-Encoding: chunked', 'X-Request-Id: mine')}zz\r\n`)
      .response()
    expect(response.status).toBe(400)
    expect(JSON.parse(response.body)).toMatchObject({ code: 'bad_request', requestId: 'mine' })
    expect(response.headers.get('connection')).toEqual(['close'])
    await connection.closed
    expect(lines.filter(({ message }) => message === 'request')).toHaveLength(1)
  })

  it('that nobody reads closes the connection only where it has not arrived', async () => {
    const { connection } = await opened()
    connection.send('POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}')
    const complete = await connection.response()
    expect([complete.status, complete.headers.get('connection')]).toEqual([404, ['keep-alive']])
    connection.send('POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{')
    const partial = await connection.response()
    expect([partial.status, partial.headers.get('connection')]).toEqual([404, ['close']])
    await connection.closed
  })

  it('ends as 499 in the log when the caller leaves in the middle', async () => {
    const { connection, lines, server } = await opened()
    connection.send(`${head('Content-Length: 100')}{"a"`)
    await turns()
    connection.destroy()
    await eventually(() => lines.some(({ fields }) => fields['status'] === 499))
    expect(lines.at(-1)).toMatchObject({ level: 'info', message: 'request', fields: { reason: 'client_closed' } })
    expect((await server.close()).cut).toBe(0)
  })
})

describe('Expect: 100-continue', () => {
  it('is answered when the body is asked for', async () => {
    const { connection } = await opened()
    connection.send(head('Expect: 100-continue', 'Content-Length: 2'))
    expect(await connection.until(received => received.includes('\r\n\r\n'))).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.received = ''
    expect((await connection.send('{}').response()).body).toBe('{"got":{}}')
    connection.destroy()
  })

  it.each([
    ['413', { maxBodySize: 10 }, head('Expect: 100-continue', 'Content-Length: 11'), 413],
    ['404', {}, 'POST /nowhere HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n', 404],
  ])(
    'is not, where the answer is %s without the body (Node sends 100 first)',
    async (_status, options, request, status) => {
      const { connection } = await opened(Echo, options)
      const response = await connection.send(request).response()
      expect(response.status).toBe(status)
      expect(response.headers.get('connection')).toEqual(['close'])
      await connection.closed
    },
  )
})

describe('a raw request', () => {
  it('has its body as a stream', async () => {
    const { connection } = await opened(Counting)
    const text = 'x'.repeat(1_000_000)
    const response = await connection.send(post(text)).response()
    expect(response.body).toBe('{"bytes":1000000}')
    expect((await connection.send(post('')).response()).body).toBe('{"bytes":0}')
    connection.destroy()
  })

  it('is refused past the limit', async () => {
    const { connection } = await opened(Counting, { maxBodySize: 10 })
    const response = await connection.send(`${head('Transfer-Encoding: chunked')}${chunk('x'.repeat(11))}`).response()
    expect([response.status, response.headers.get('connection')]).toEqual([413, ['close']])
    connection.destroy()
  })

  it('whose body is given up half-way leaves the process alone (Readable.toWeb throws where nobody catches it)', async () => {
    class Impatient extends BasePredictor {
      @withFullRequest
      async predict(request: Request): Promise<string> {
        const reader = request.body?.getReader()
        await reader?.read()
        await reader?.cancel()
        return 'enough'
      }
    }
    const { connection, server } = await opened(Impatient)
    connection.send(head('Content-Length: 5000000')).send('x'.repeat(1_000_000))
    const response = await connection.response()
    expect([response.status, response.body, response.headers.get('connection')]).toEqual([200, 'enough', ['close']])
    await connection.closed
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
  })
})
