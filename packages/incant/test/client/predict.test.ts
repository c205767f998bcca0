import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { json, ModelClient } from '../../src/client/index.ts'
import { silentLogger } from '../../src/log/logger.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { signatureOf } from '../app/_serving.ts'
import { Echo, served } from '../node/_served.ts'
import { rawServer, replyJSON } from './_raw-server.ts'

/** Says what it got. */
class Seen extends BasePredictor {
  async predict(request: Request): Promise<{ type: string | null; body: string; header: string | null }> {
    const { headers } = request
    return { type: headers.get('content-type'), body: await request.text(), header: headers.get('x-test') }
  }
}
const seen = async () => new ModelClient<typeof Seen>((await served(Seen, { signature: REQUEST })).server.url)
const REQUEST = signatureOf({ role: 'request' })

describe('what is sent', () => {
  const form = new FormData()
  form.set('a', 'b')
  test.each<[string, unknown, string | null | RegExp, string | RegExp]>([
    ['an object', { a: [1, null, 'ü'] }, 'application/json', '{"a":[1,null,"ü"]}'],
    ['null', null, 'application/json', 'null'],
    ['a number', 5, 'application/json', '5'],
    ['nothing', undefined, null, ''],
    ['a string', 'Grüße', 'text/plain;charset=UTF-8', 'Grüße'],
    ['a string as JSON', json('Grüße'), 'application/json', '"Grüße"'],
    ['bytes', new TextEncoder().encode('bytes'), null, 'bytes'],
    ['a Buffer', Buffer.from('bytes'), null, 'bytes'],
    ['an ArrayBuffer', new TextEncoder().encode('bytes').buffer, null, 'bytes'],
    ['a Blob', new Blob(['blob'], { type: 'image/png' }), 'image/png', 'blob'],
    ['a form', form, /^multipart\/form-data; boundary=/, /name="a"/],
    ['URLSearchParams', new URLSearchParams('a=b'), 'application/x-www-form-urlencoded;charset=UTF-8', 'a=b'],
    ['a stream', new Blob(['streamed']).stream(), null, 'streamed'],
  ])('%s', async (_name, payload, type, body) => {
    const answer = await (await seen()).predict(payload)
    if (type instanceof RegExp) expect(answer.type).toMatch(type)
    else expect(answer.type).toBe(type)
    if (body instanceof RegExp) expect(answer.body).toMatch(body)
    else expect(answer.body).toBe(body)
  })

  test('inside JSON, the forms that types are read from', async () => {
    const { body } = await (await seen()).predict({
      date: new Date(0),
      big: 2n ** 64n,
      bytes: new Uint8Array([104, 105]),
      buffer: Buffer.from('hi'),
      plain: new Uint8Array([104, 105]).buffer,
      window: new Uint8Array([0, 104, 105, 0]).subarray(1, 3),
      numbers: new Float32Array([1, 0.5]),
      mixed: [1, [2n]],
    })
    expect(JSON.parse(body)).toEqual({
      date: '1970-01-01T00:00:00.000Z',
      big: '18446744073709551616',
      bytes: 'aGk=',
      buffer: 'aGk=',
      plain: 'aGk=',
      window: 'aGk=',
      numbers: [1, 0.5],
      mixed: [1, ['2']],
    })
  })

  test('bytes longer than a call may have arguments', async () => {
    const bytes = new Uint8Array(300_000).fill(97)
    const { body } = await (await seen()).predict({ bytes })
    expect(Buffer.from(JSON.parse(body).bytes, 'base64').equals(bytes)).toBe(true)
  })

  test('150,528 numbers', async () => {
    const model = new ModelClient<typeof Echo>((await served()).server.url)
    const data = Array.from({ length: 150_528 }, (_, index) => index / 7)
    expect(await model.predict({ data })).toEqual({ got: { data } })
  })

  test('headers: those of a call over those of the server over our own', async () => {
    const url = (await served(Seen, { signature: REQUEST })).server.url
    const model = new ModelClient<typeof Seen>(url, { headers: { 'X-Test': 'server' } })
    expect((await model.predict({})).header).toBe('server')
    const answer = await model.predict(
      {},
      {
        headers: [
          ['x-test', 'call'],
          ['content-type', 'application/a+json'],
        ],
      },
    )
    expect(answer).toEqual({ header: 'call', type: 'application/a+json', body: '{}' })
  })

  test.each<[string, unknown, RegExp]>([
    ['a function', () => {}, /^The payload is a function, which JSON cannot carry\.$/],
    ['a symbol', json(Symbol('s')), /^The payload is a symbol, which JSON cannot carry\.$/],
    ['a cycle', cycle(), /circular/i],
  ])('%s is a TypeError, and nothing is sent', async (_name, payload, message) => {
    const server = await rawServer(replyJSON(1))
    await expect(new ModelClient(server.url).predict(payload)).rejects.toThrow(message)
    expect(server.requests).toEqual([])
  })
})

function cycle(): object {
  const object: Record<string, unknown> = {}
  object['inside'] = { object }
  return object
}

describe('what comes back', () => {
  const blob = new Blob(['{"a":1}'], { type: 'application/json' })
  test.each<[string, () => unknown, unknown]>([
    ['JSON', () => ({ a: [1, new Date(0)] }), { a: [1, '1970-01-01T00:00:00.000Z'] }],
    ['a string', () => 'Grüße', 'Grüße'],
    ['an empty string', () => '', ''],
    ['nothing', () => undefined, null],
    ['bytes', () => new Uint8Array([0, 255]), new Uint8Array([0, 255])],
    ['a stream of bytes', () => new Blob([new Uint8Array([0, 255])]).stream(), new Uint8Array([0, 255])],
    ['a Blob with a type', () => blob, { a: 1 }],
    ['a Response', () => Response.json({ a: 1 }, { status: 201 }), { a: 1 }],
    ['a Response of text', () => new Response('<p>', { headers: { 'content-type': 'text/html' } }), '<p>'],
    ['a Response without content', () => new Response(null, { status: 204 }), undefined],
  ])('%s', async (_name, make, expected) => {
    class Predictor extends BasePredictor {
      predict(_payload?: unknown) {
        return make()
      }
    }
    expect(await new ModelClient<typeof Predictor>((await served(Predictor)).server.url).predict({})).toEqual(expected)
  })

  test('a hundred calls and a stream share a connection', async () => {
    class Predictor extends BasePredictor {
      async *predict(_payload?: unknown) {
        yield 1
      }
    }
    const { server } = await served(Predictor)
    const model = new ModelClient<typeof Predictor>(server.url)
    const sockets = countConnections()
    for (let count = 0; count < 50; count += 1) {
      for await (const item of await model.predict({})) expect(item).toBe(1)
      await model.health()
    }
    sockets.stop()
    expect(sockets.count).toBeGreaterThan(0)
    expect(sockets.count).toBeLessThanOrEqual(2)
  })

  test('request() gives the response, its body unread', async () => {
    class Predictor extends BasePredictor {
      predict(_payload?: unknown) {
        return new Response('content', { status: 203, headers: { 'x-made-by': 'predict' } })
      }
    }
    const response = await new ModelClient<typeof Predictor>((await served(Predictor)).server.url).request({})
    expect({ status: response.status, by: response.headers.get('x-made-by') }).toEqual({ status: 203, by: 'predict' })
    expect(await response.text()).toBe('content')
  })
})

/** Counts the connections that fetch makes in this process. */
function countConnections(): { readonly count: number; stop(): void } {
  let count = 0
  const note = (): void => {
    count += 1
  }
  subscribe('undici:client:connected', note)
  return {
    get count() {
      return count
    },
    stop: () => void unsubscribe('undici:client:connected', note),
  }
}

describe('probes', () => {
  test('health gives what health() gives', async () => {
    class Predictor extends Echo {
      override health() {
        return { status: 'ok', since: new Date(0) }
      }
    }
    const model = new ModelClient<typeof Predictor>((await served(Predictor)).server.url)
    expect(await model.health()).toEqual({ status: 'ok', since: '1970-01-01T00:00:00.000Z' })
    expect(await model.ready()).toBe(true)
  })

  test('neither sends credentials', async () => {
    const server = await rawServer(replyJSON({ status: 'ok' }))
    const model = new ModelClient(server.url, { auth: { bearer: 'canary' } })
    await model.health()
    await model.ready({ headers: { 'x-probe': '1' } })
    expect(server.requests.map(request => request.split(' ').slice(0, 2))).toEqual([
      ['GET', '/health'],
      ['GET', '/ready'],
    ])
    expect(server.requests.join('')).not.toContain('canary')
    expect(server.requests[1]).toMatch(/^x-probe: 1\r$/im)
  })
})

describe('the address', () => {
  test('may have a path and a slash at its end', async () => {
    const server = await rawServer(replyJSON(1))
    const model = new ModelClient(new URL(`${server.url}/models/a/`))
    expect(model.url).toBe(`${server.url}/models/a`)
    await model.predict({})
    expect(server.requests[0]).toMatch(/^POST \/models\/a\/predict HTTP\/1\.1\r\n/)
  })

  test.each([
    ['127.0.0.1:8000', 'The URL of a ModelClient must be an absolute http or https URL.'],
    ['ftp://canary', 'The URL of a ModelClient must be an absolute http or https URL.'],
    [
      'http://a:canary@b',
      'The URL of a ModelClient contains credentials. Pass them as auth: { basic: { name, password } }.',
    ],
    [
      'http://b?token=canary',
      'The URL of a ModelClient contains a query or a fragment. Pass what the server needs as headers.',
    ],
    [
      'http://b#canary',
      'The URL of a ModelClient contains a query or a fragment. Pass what the server needs as headers.',
    ],
  ])('%s is refused, and not repeated', (url, message) => {
    expect(() => new ModelClient(url)).toThrow(new TypeError(message))
  })

  test('a fetch of one’s own: an application in memory', async () => {
    const app = createApp(Echo, { logger: silentLogger })
    await app.ready
    const model = new ModelClient<typeof Echo>('http://in.memory', {
      fetch: async (url, init) => app.request(url, init),
    })
    expect(await model.predict({ a: 1 })).toEqual({ got: { a: 1 } })
    await app.close()
  })
})

test.each<[object, string]>([
  [{ timeout: 0 }, "timeout must be a duration above 0, such as '30s' or 30_000 milliseconds, not 0"],
  [{ timeout: Number.NaN }, "timeout must be a duration above 0, such as '30s' or 30_000 milliseconds, not NaN"],
  [{ retry: { attempts: 0 } }, 'retry.attempts must be an integer above 0, not 0. Write retry: false for none.'],
  [{ retry: { delay: -1 } }, "retry.delay must be a duration, such as '250ms' or 250 milliseconds, not -1"],
  [
    { retry: { maxDelay: Number.NaN } },
    "retry.maxDelay must be a duration, such as '250ms' or 250 milliseconds, not NaN",
  ],
  [
    { auth: { token: 'canary' } },
    'auth must be an object with one of bearer, basic, apiKey, bodyToken, or a list of them.',
  ],
  [{ headers: { 'x-a': 'canary\n!' } }, 'The header "x-a" has characters that HTTP cannot carry.'],
])('options %o are refused', (options, message) => {
  expect(() => new ModelClient('http://a', options)).toThrow(new TypeError(message))
})
