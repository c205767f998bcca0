import { HTTPException } from 'hono/http-exception'
import { describe, expect, test } from 'vitest'
import type { PredictorApp } from '../../src/app/predictor-app.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { expectProblem, type LogLine, post, serveInMemory } from './_serving.ts'

/** Serves a predictor that gives back what `make` makes. */
function serving(make: () => unknown): Promise<{ app: PredictorApp; lines: LogLine[] }> {
  class Predictor extends BasePredictor {
    predict(_payload?: unknown) {
      return make()
    }
  }
  return serveInMemory(Predictor)
}

async function resultOf(make: () => unknown): Promise<Response> {
  const { app } = await serving(make)
  return post(app, '{}')
}

const BYTES = new Uint8Array([0, 255, 128, 65])
const OCTETS = 'application/octet-stream'

describe('bytes and text', () => {
  test.each<[string, () => unknown, string, Uint8Array | string]>([
    ['Uint8Array', () => BYTES, OCTETS, BYTES],
    ['a window of a larger buffer', () => new Uint8Array([1, 0, 255, 128, 65, 2]).subarray(1, 5), OCTETS, BYTES],
    ['Buffer', () => Buffer.from(BYTES), OCTETS, BYTES],
    ['ArrayBuffer', () => BYTES.slice().buffer, OCTETS, BYTES],
    ['Blob with a type', () => new Blob([BYTES], { type: 'image/png' }), 'image/png', BYTES],
    ['Blob without one', () => new Blob([BYTES]), OCTETS, BYTES],
    ['ReadableStream', () => new Blob([BYTES]).stream(), OCTETS, BYTES],
    ['string', () => 'héllo', 'text/plain; charset=utf-8', 'héllo'],
    ['empty string', () => '', 'text/plain; charset=utf-8', ''],
  ])('%s', async (_name, make, type, body) => {
    const response = await resultOf(make)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(type)
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(bytes).toEqual(typeof body === 'string' ? new TextEncoder().encode(body) : body)
  })
})

class Point {
  readonly #hidden = 3
  readonly x = 1
  readonly y = 2
  get sum() {
    return this.x + this.y + this.#hidden
  }
}

class Chained {
  readonly self = 'kept'
  toJSON() {
    return this
  }
}

describe('JSON', () => {
  test.each<[string, unknown, string]>([
    ['object', { a: [1, 'b', null, true] }, '{"a":[1,"b",null,true]}'],
    ['null', null, 'null'],
    ['nothing', undefined, 'null'],
    ['number', 1.5, '1.5'],
    ['negative zero', -0, '0'],
    ['absent members', { a: undefined, b: 1 }, '{"b":1}'],
    ['Date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['an instance of a class', new Point(), '{"x":1,"y":2}'],
    ['toJSON', { toJSON: () => ({ a: 1 }) }, '{"a":1}'],
    ['toJSON that gives itself', new Chained(), '{"self":"kept"}'],
    ['Float32Array', new Float32Array([0.5, 1]), '[0.5,1]'],
    ['typed arrays at depth', { a: [new Int16Array([1]), { b: new Float64Array([2.5]) }] }, '{"a":[[1],{"b":[2.5]}]}'],
    ['Uint8Array at depth', { a: new Uint8Array([0, 1, 2, 3]).subarray(1, 3) }, '{"a":"AQI="}'],
    ['Buffer at depth', { a: Buffer.from([1, 2]) }, '{"a":"AQI="}'],
    ['ArrayBuffer at depth', [new Uint8Array([1, 2]).buffer], '["AQI="]'],
    ['Uint8ClampedArray', new Uint8ClampedArray([1, 2]), '[1,2]'],
    ['bigint', { a: [1n, -(2n ** 64n)] }, '{"a":["1","-18446744073709551616"]}'],
    ['BigInt64Array', { a: new BigInt64Array([-5n]) }, '{"a":["-5"]}'],
    [
      'toJSON that gives bytes and a bigint',
      { toJSON: () => ({ a: 1n, b: new Uint8Array(1) }) },
      '{"a":"1","b":"AA=="}',
    ],
    [
      'bytes under __proto__',
      JSON.parse('{"__proto__":{}}', (k, v) => (k === '__proto__' ? 1n : v)),
      '{"__proto__":"1"}',
    ],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['the same object twice, side by side', ((o: object) => [o, o])({}), '[{},{}]'],
    ['a lone surrogate', { a: '\ud800' }, '{"a":"\\ud800"}'],
  ])('%s', async (_name, value, body) => {
    const response = await resultOf(() => value)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body })
  })

  const CYCLE: { inner: object[] } = { inner: [] }
  CYCLE.inner.push({ back: CYCLE })
  const selfish: object = { toJSON: () => ({ again: selfish }) }

  test.each<[string, unknown, string]>([
    ['NaN', Number.NaN, 'NaN at $'],
    ['NaN at depth', { a: [0, { b: Number.NaN }] }, 'NaN at $.a[1].b'],
    ['Infinity', [Number.NEGATIVE_INFINITY], '-Infinity at $[0]'],
    ['NaN in a typed array', { a: new Float32Array([0, Number.NaN]) }, 'NaN at $.a[1]'],
    ['a cycle', CYCLE, 'a reference to an object around it at $.inner[0].back'],
    ['a cycle through toJSON', selfish, 'a reference to an object around it at $.again'],
    ['Map', { a: new Map() }, 'a Map at $.a'],
    ['Set', [new Set()], 'a Set at $[0]'],
    ['Promise', { a: Promise.resolve(1) }, 'a Promise at $.a'],
    ['function', { a: () => 1 }, 'a function at $.a'],
    ['symbol', { a: Symbol('b') }, 'a symbol at $.a'],
    ['undefined in an array', [undefined], 'undefined at $[0]'],
    ['Error', { a: new Error('x') }, 'an Error at $.a'],
    ['RegExp', { a: /x/ }, 'a RegExp at $.a'],
    ['an invalid Date', { a: new Date(Number.NaN) }, 'an invalid Date at $.a'],
    ['a generator', (function* () {})(), 'a Generator at $'],
    ['an iterator of an array', [1, 2].values(), 'an Array Iterator at $'],
    ['an iterator of a map', { all: new Map().entries() }, 'a Map Iterator at $.all'],
    ['a Blob inside', { a: new Blob([]) }, 'a Blob at $.a'],
    ['a SharedArrayBuffer inside', { a: new SharedArrayBuffer(1) }, 'a SharedArrayBuffer at $.a'],
  ])('%s is a 500; the log names the path and the caller learns nothing', async (_name, value, found) => {
    const { app, lines } = await serving(() => value)
    const problem = await expectProblem(await post(app, '{}'), 500, 'not_serializable')
    expect(problem).not.toHaveProperty('detail')
    expect(lines.find(({ message }) => message === 'predict failed')).toMatchObject({
      level: 'error',
      requestId: problem.requestId,
      reason: 'not_serializable',
      error: { message: expect.stringContaining(`predict returned ${found}, which JSON cannot carry`) },
    })
  })

  test.each([1001, 5000, 100_000])('what nests %i levels deep is a 500 that says where', async levels => {
    let deep: object = {}
    for (let depth = 2; depth < levels; depth += 1) deep = [deep]
    const { app, lines } = await serving(() => ({ scores: deep }))
    await expectProblem(await post(app, '{}'), 500, 'not_serializable')
    expect(lines.find(({ message }) => message === 'predict failed')).toMatchObject({
      error: {
        message: 'predict returned a value nested more than 1000 levels deep at $.scores[0][0][0][0][0][0][0][0][0]…',
      },
    })
  })

  test('what nests 1,000 levels deep is sent', async () => {
    let deep: object = {}
    for (let depth = 1; depth < 1000; depth += 1) deep = { deep }
    const { app } = await serving(() => deep)
    expect((await post(app, '{}')).status).toBe(200)
  })

  test('more than a string can have is a 500 that says where most of it is', { tags: ['slow'] }, async () => {
    const text = 'x'.repeat(8192)
    const { app, lines } = await serving(() => ({ ok: true, page: { lines: new Array(65_536).fill(text) } }))
    await expectProblem(await post(app, '{}'), 500, 'not_serializable')
    expect(lines.find(({ message }) => message === 'predict failed')).toMatchObject({
      error: {
        message: expect.stringContaining('more JSON than a string can have (512 MiB), most of it at $.page.lines: '),
      },
    })
  })
})

describe('a Response is sent as it is', () => {
  test('with its status, headers, both cookies, and ours added', async () => {
    const headers = new Headers({ 'X-Mine': 'a', 'Content-Type': 'text/html' })
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    const response = await resultOf(() => new Response('<p>', { status: 201, statusText: 'Made', headers }))
    expect({ status: response.status, text: response.statusText, body: await response.text() }).toEqual({
      status: 201,
      text: 'Made',
      body: '<p>',
    })
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('x-mine')).toBe('a')
    expect(response.headers.get('content-type')).toBe('text/html')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each([204, 205, 304])('%i has no body', async status => {
    const response = await resultOf(() => new Response(null, { status }))
    expect({ status: response.status, body: response.body }).toEqual({ status, body: null })
  })

  test('a redirect, whose headers are immutable', async () => {
    const response = await resultOf(() => Response.redirect('http://127.0.0.1/elsewhere', 307))
    expect({ status: response.status, location: response.headers.get('location') }).toEqual({
      status: 307,
      location: 'http://127.0.0.1/elsewhere',
    })
  })

  test('headers of one connection are not passed on', async () => {
    const headers = { connection: 'keep-alive', 'keep-alive': 'timeout=5', 'transfer-encoding': 'chunked' }
    const response = await resultOf(() => new Response('a', { headers }))
    for (const name of Object.keys(headers)) expect(response.headers.has(name)).toBe(false)
  })

  test('a fetched one, decoded on the way, no longer claims a coding', async () => {
    const fetched = new Response('decoded', { headers: { 'content-encoding': 'gzip', 'content-length': '5' } })
    Object.defineProperty(fetched, 'url', { value: 'http://127.0.0.1/' })
    const response = await resultOf(() => fetched)
    expect(await response.text()).toBe('decoded')
    expect(response.headers.has('content-encoding')).toBe(false)
    expect(response.headers.has('content-length')).toBe(false)
  })

  test('one that says itself what coding it has keeps it', async () => {
    const response = await resultOf(() => new Response(BYTES, { headers: { 'content-encoding': 'gzip' } }))
    expect(response.headers.get('content-encoding')).toBe('gzip')
  })

  test('an error of its own making is not to be stored, unless it says so', async () => {
    expect((await resultOf(() => new Response('no', { status: 404 }))).headers.get('cache-control')).toBe('no-store')
    const headers = { 'cache-control': 'max-age=5' }
    const said = await resultOf(() => new Response('no', { status: 404, headers }))
    expect(said.headers.get('cache-control')).toBe('max-age=5')
  })

  test('one made by another copy of the class', async () => {
    class Response2 extends Response {}
    const foreign = Object.create(Object.prototype, {
      ...Object.getOwnPropertyDescriptors(Response2.prototype),
      status: { value: 202 },
      statusText: { value: '' },
      headers: { value: new Headers({ a: 'b' }) },
      body: { value: null },
      bodyUsed: { value: false },
      url: { value: '' },
      [Symbol.toStringTag]: { value: 'Response' },
    })
    const response = await resultOf(() => foreign)
    expect({ status: response.status, a: response.headers.get('a') }).toEqual({ status: 202, a: 'b' })
  })
})

describe('a Response that cannot be sent is a 500, and the log says why', () => {
  /** What a runtime with a Response of its own lets through: headers that are looked at only when they are sent. */
  function lazily(value: string): Response {
    const headers = { [Symbol.iterator]: () => [['x-mine', value]][Symbol.iterator]() }
    return Object.defineProperty(new Response('a'), 'headers', { value: headers })
  }

  function used(): Response {
    const response = new Response('a')
    void response.text()
    return response
  }

  function locked(): Response {
    const response = new Response('a')
    response.body?.getReader()
    return response
  }

  test.each<[string, () => Response]>([
    ['CR and LF in a header', () => lazily('a\r\nSet-Cookie: evil=1')],
    ['NUL in a header', () => lazily('a\0b')],
    ['ESC in a header', () => new Response('a', { headers: { 'x-mine': 'a\u001b[2K' } })],
    ['a character past U+00FF in a header', () => lazily('\u0100')],
    ['a body that was read', used],
    ['a body that is being read', locked],
    ['Response.error()', () => Response.error()],
  ])('%s', async (_name, make) => {
    const { app, lines } = await serving(make)
    const { requestId } = await expectProblem(await post(app, '{}'), 500, 'internal')
    const [line] = lines.filter(({ message }) => message === 'predict failed')
    expect(line).toMatchObject({
      requestId,
      error: { message: 'predict returned a Response that cannot be sent', cause: { message: expect.any(String) } },
    })
  })

  test('headers that throw where they are made are a 500 like any throw', async () => {
    const { app } = await serving(() => new Response('a', { headers: { 'x-mine': 'a\r\nb' } }))
    await expectProblem(await post(app, '{}'), 500, 'internal')
  })
})

describe('HTTPException chooses the status', () => {
  test.each([
    [400, 'Bad Request'],
    [401, 'Unauthorized'],
    [418, 'Client error'],
    [451, 'Client error'],
    [503, 'Service Unavailable'],
    [599, 'Server error'],
  ])('%i', async (status, title) => {
    const { app } = await serving(() => {
      // Hono's type lists the registered ones; predictors in JavaScript may choose any.
      throw new HTTPException(status as 400, { message: 'because' })
    })
    const problem = await expectProblem(await post(app, '{}'), status, `http_${status}`)
    expect(problem).toMatchObject({ title, detail: 'because', type: 'about:blank' })
  })

  test('without a message there is no detail', async () => {
    const { app } = await serving(() => {
      throw new HTTPException(404)
    })
    expect(await expectProblem(await post(app, '{}'), 404, 'http_404')).not.toHaveProperty('detail')
  })

  test('a response it brings is sent, under the status of the exception', async () => {
    const { app } = await serving(() => {
      const res = new Response('mine', { headers: { 'www-authenticate': 'Custom' } })
      throw new HTTPException(401, { res })
    })
    const response = await post(app, '{}')
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 401, body: 'mine' })
    expect(response.headers.get('www-authenticate')).toBe('Custom')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-request-id')).not.toBeNull()
  })

  test.each([204, 304])('%i has no body', async status => {
    const { app } = await serving(() => {
      throw new HTTPException(status as 400)
    })
    const response = await post(app, '{}')
    expect({ status: response.status, body: response.body }).toEqual({ status, body: null })
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test.each([0, 101, 600, 1000, Number.NaN, 404.5])('%d is no status: 500', async status => {
    const { app } = await serving(() => {
      throw new HTTPException(status as 400, { message: 'canary' })
    })
    expect(await expectProblem(await post(app, '{}'), 500, 'internal')).not.toHaveProperty('detail')
  })

  test('what it was caused by is in the log where it is the server that failed', async () => {
    const { app, lines } = await serving(() => {
      throw new HTTPException(502, { message: 'upstream', cause: new Error('socket hang up') })
    })
    await expectProblem(await post(app, '{}'), 502, 'http_502')
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: 'predict failed',
        error: expect.objectContaining({ cause: expect.objectContaining({ message: 'socket hang up' }) }),
      }),
    )
  })

  test('that of another copy of hono counts, too', async () => {
    class HTTPException extends Error {
      status = 409
      getResponse() {
        return new Response(null)
      }
    }
    const { app } = await serving(() => {
      throw new HTTPException('taken')
    })
    expect(await expectProblem(await post(app, '{}'), 409, 'http_409')).toMatchObject({ detail: 'taken' })
  })
})
