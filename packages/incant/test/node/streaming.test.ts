// @module-tag slow
import { describe, expect, test } from 'vitest'
import { signatureOf } from '../app/_serving.ts'
import { RawConnection } from './_raw-connection.ts'
import { codeOf, eventually, post as rawPost, served } from './_served.ts'
import { Streamer } from './fixtures/streaming.js'

const source = {
  module: new URL('fixtures/streaming.js', import.meta.url),
  exportName: 'Streamer',
  main: new URL('../../dist/replica-main.js', import.meta.url),
}
const signature = signatureOf({ role: 'payload' })

interface Counts {
  readonly made: number
  readonly returned: number
}

describe.each([
  ['in this process', { workers: 0 }],
  ['from a process of its own', { workers: 1, source }],
])('a stream %s', (_name, options) => {
  async function serveStreamer() {
    const { server, lines } = await served(Streamer, { signature, ...options })
    const post = (kind: string, init: RequestInit = {}) =>
      fetch(`${server.url}/predict`, { method: 'POST', body: JSON.stringify(kind), ...init })
    // health() above gives just this.
    const counts = async () => (await (await fetch(`${server.url}/health`)).json()) as Counts
    const returned = () => expect.poll(async () => (await counts()).returned).toBe(1)
    return { server, lines, post, counts, returned }
  }

  test.each([
    [
      'words',
      '*/*',
      'text/event-stream',
      'data: "Call me"\n\ndata: " Ishmael.\\n"\n\ndata: "“‘’”\u2028"\n\ndata: ""\n\n',
    ],
    ['objects', 'application/x-ndjson', 'application/x-ndjson', '{"a":1}\nnull\n[1,2]\n'],
  ])('of %s, for %s', async (kind, accept, type, text) => {
    const { post } = await serveStreamer()
    const response = await post(kind, { headers: { accept } })
    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toBe(text)
  })

  test('that fails before its first item is a plain 500', async () => {
    const { post } = await serveStreamer()
    const response = await post('unbegun')
    expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json'])
    expect(await codeOf(response)).toBe('internal')
  })

  test('that fails later ends with an error event and an incomplete close, and one line of the log', async () => {
    const { server, lines } = await serveStreamer()
    const connection = await RawConnection.open(server.url)
    connection.send(rawPost('"broken"'))
    await connection.closed
    expect(connection.received).toMatch(/data: 1\n\n.*event: error\ndata: \{.*"code":"internal"/s)
    expect(connection.received).not.toContain('secret')
    expect(connection.received).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(lines.filter(({ message }) => message === 'predict failed')).toMatchObject([
      { fields: { error: { message: 'the secret of the model' } } },
    ])
  })

  test('waits for a reader that stalls, and goes on with it', async () => {
    const { server, counts } = await serveStreamer()
    const connection = await RawConnection.open(server.url)
    connection.send(rawPost('"hasty"'))
    connection.socket.pause()
    let last = -1
    // What lies in between is full when a while passes without a further item.
    for (let made = 0; made !== last || made === 0; made = (await counts()).made) {
      last = made
      await new Promise(resolve => setTimeout(resolve, 200))
    }
    // Two sockets' buffers and a little more; a generator that nothing stops makes hundreds of these a millisecond.
    expect(last * 16_384).toBeLessThan(32 * 1024 * 1024)
    connection.socket.resume()
    await eventually(() => connection.received.length > (last + 10) * 16_384)
    connection.destroy()
  })

  test('ends when its reader leaves', async () => {
    const { server, counts, lines, returned } = await serveStreamer()
    const connection = await RawConnection.open(server.url)
    await connection.send(rawPost('"patient"')).until(received => received.includes('data: 1'))
    connection.destroy()
    await returned()
    const { made } = await counts()
    await eventually(() => lines.some(({ fields }) => fields['status'] === 499))
    expect((await counts()).made).toBe(made)
  })

  test('ends when its reader leaves while it is stalled', async () => {
    const { server, counts, returned } = await serveStreamer()
    const connection = await RawConnection.open(server.url)
    connection.send(rawPost('"hasty"'))
    connection.socket.pause()
    await expect.poll(async () => (await counts()).made).toBeGreaterThan(0)
    connection.destroy()
    await returned()
  })
})

test('items of a model that computes and never awaits leave while it computes, and it hears that its reader left', async () => {
  const { server } = await served(Streamer, { signature, workers: 1, source })
  const response = await fetch(`${server.url}/predict`, { method: 'POST', body: '"busy"' })
  let chunks = 0
  for await (const _chunk of response.body ?? []) {
    chunks += 1
    if (chunks === 10) break
  }
  expect(chunks).toBe(10)
  // What the server says in place of a predictor that is busy has no counts.
  const counts = async () => (await (await fetch(`${server.url}/health`)).json()) as Partial<Counts>
  await expect.poll(async () => (await counts()).returned).toBe(1)
})
