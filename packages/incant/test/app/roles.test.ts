import { describe, expect, test } from 'vitest'
import type { BackgroundTasks } from '../../src/predictor/background-tasks.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import { takes, withFullRequest } from '../../src/signature/decorators.ts'
import type { ParameterSignature } from '../../src/signature/signature.ts'
import { expectProblem, post, postJSON, serveInMemory, signatureOf } from './_serving.ts'

/** What predict was given, once. */
async function give(
  parameters: readonly Partial<ParameterSignature>[],
  ...request: [body?: string | Uint8Array<ArrayBuffer> | FormData | URLSearchParams, headers?: Record<string, string>]
): Promise<unknown[]> {
  let given: unknown[] = []
  class Predictor extends BasePredictor {
    predict(...parameters: unknown[]) {
      given = parameters
      return 'done'
    }
  }
  const { app } = await serveInMemory(Predictor, { signature: signatureOf(...parameters) })
  const response = await post(app, ...request)
  expect({ status: response.status, text: await response.text() }).toEqual({ status: 200, text: 'done' })
  return given
}

const BYTES = new Uint8Array([0, 255, 128, 65])

describe('each role gets the body in its form', () => {
  test('payload: parsed JSON', async () => {
    expect(await give([{ role: 'payload' }], '{"a":[1,null]}')).toEqual([{ a: [1, null] }])
  })

  test('payload with a schema: validated, defaults filled in, unknown members dropped', async () => {
    const schema = {
      type: 'object',
      properties: { text: { type: 'string' }, top: { type: 'integer', default: 3 } },
      required: ['text'],
    } as const
    expect(await give([{ role: 'payload', schema }], '{"text":"a","other":1}')).toEqual([{ text: 'a', top: 3 }])
  })

  test.each([
    ['text/plain', 'héllo', 'héllo'],
    ['text/plain; charset="UTF-8"', '{"a":1}', '{"a":1}'],
    ['application/json', '"h\\u00e9llo"', 'héllo'],
    ['application/vnd.some+json', '"a"', 'a'],
    ['text/plain', '', ''],
  ])('text as %s: %s', async (type, body, expected) => {
    expect(await give([{ role: 'text' }], body, { 'content-type': type })).toEqual([expected])
  })

  test('a JSON body that is no string is refused where predict takes a string', async () => {
    class Predictor extends BasePredictor {
      predict(text: string) {
        return text
      }
    }
    const { app } = await serveInMemory(Predictor, { signature: signatureOf({ role: 'text' }) })
    const problem = await expectProblem(await postJSON(app, { a: 'canary' }), 422, 'invalid_payload')
    expect(problem.errors).toEqual([{ pointer: '#', detail: 'must be a string' }])
  })

  test('bytes as Uint8Array, which is the whole of its buffer and no Buffer', async () => {
    const [bytes] = await give([{ role: 'bytes', bodyClass: 'Uint8Array' }], BYTES)
    expect(bytes).toEqual(BYTES)
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
    expect((bytes as Uint8Array).buffer.byteLength).toBe(4)
  })

  test('bytes as ArrayBuffer', async () => {
    const [buffer] = await give([{ role: 'bytes', bodyClass: 'ArrayBuffer' }], BYTES)
    expect(buffer).toBeInstanceOf(ArrayBuffer)
    expect(new Uint8Array(buffer as ArrayBuffer)).toEqual(BYTES)
  })

  test('bytes as Buffer', async () => {
    const [buffer] = await give([{ role: 'bytes', bodyClass: 'Buffer' }], BYTES)
    expect(Buffer.isBuffer(buffer)).toBe(true)
    expect([...(buffer as Buffer)]).toEqual([...BYTES])
  })

  test.each(['Blob', 'File'] as const)('%s, with the content type', async bodyClass => {
    const [blob] = await give([{ role: 'blob', bodyClass }], BYTES, { 'content-type': 'image/png' })
    expect(Object.prototype.toString.call(blob)).toBe(`[object ${bodyClass}]`)
    expect((blob as Blob).type).toBe('image/png')
    expect(new Uint8Array(await (blob as Blob).arrayBuffer())).toEqual(BYTES)
  })

  test('multipart form, with its file', async () => {
    const form = new FormData()
    form.set('name', 'a')
    form.set('file', new File([BYTES], 'x.bin'))
    const [given] = await give([{ role: 'form' }], form)
    expect((given as FormData).get('name')).toBe('a')
    expect(new Uint8Array(await ((given as FormData).get('file') as File).arrayBuffer())).toEqual(BYTES)
  })

  test('url-encoded form', async () => {
    const [given] = await give([{ role: 'form' }], new URLSearchParams({ a: '1 2' }))
    expect([...(given as FormData)]).toEqual([['a', '1 2']])
  })

  test('a predictor without parameters is called whatever the body', async () => {
    expect(await give([], 'anything')).toEqual([])
  })
})

describe('the stream is read by predict, and bounded', () => {
  class Predictor extends BasePredictor {
    async predict(stream: ReadableStream<Uint8Array>) {
      let length = 0
      for await (const chunk of stream) length += chunk.byteLength
      return { length }
    }
  }
  const signature = signatureOf({ role: 'stream' })

  test.each([
    ['four bytes', BYTES, 4],
    ['nothing', undefined, 0],
  ])('%s', async (_name, body, length) => {
    const { app } = await serveInMemory(Predictor, { signature })
    expect(await (await post(app, body)).json()).toEqual({ length })
  })

  test('one byte too many is a 413 that predict need not know of', async () => {
    const { app } = await serveInMemory(Predictor, { signature, maxBodySize: 3 })
    await expectProblem(await post(app, BYTES), 413, 'body_too_large')
  })
})

describe('the request comes as it was sent', () => {
  class Raw extends BasePredictor {
    async predict(request: Request) {
      return {
        method: request.method,
        path: new URL(request.url).pathname,
        search: new URL(request.url).search,
        header: request.headers.get('x-mine'),
        encoding: request.headers.get('content-encoding'),
        bytes: [...new Uint8Array(await request.arrayBuffer())],
      }
    }
  }

  test('with its headers, and bytes that nobody has looked at', async () => {
    const { app } = await serveInMemory(Raw, { signature: signatureOf({ role: 'request' }) })
    const response = await app.request('/predict?a=b', {
      method: 'POST',
      body: BYTES,
      headers: { 'x-mine': 'yes', 'content-encoding': 'gzip', 'content-type': 'nonsense' },
    })
    expect(await response.json()).toEqual({
      method: 'POST',
      path: '/predict',
      search: '?a=b',
      header: 'yes',
      encoding: 'gzip',
      bytes: [...BYTES],
    })
  })

  test('without a body', async () => {
    const { app } = await serveInMemory(Raw, { signature: signatureOf({ role: 'request' }) })
    expect(await (await post(app)).json()).toMatchObject({ bytes: [] })
  })

  test('and still under the limit on bodies', async () => {
    const { app } = await serveInMemory(Raw, { signature: signatureOf({ role: 'request' }), maxBodySize: 3 })
    await expectProblem(await post(app, BYTES), 413, 'body_too_large')
  })

  test('@withFullRequest says the same without a signature', async () => {
    class Marked extends BasePredictor {
      @withFullRequest
      async predict(anything: Request) {
        return anything.text()
      }
    }
    const { app } = await serveInMemory(Marked)
    expect(await (await post(app, 'raw', { 'content-type': 'text/x' })).text()).toBe('raw')
  })
})

describe('payload, request and background tasks together, in any order', () => {
  const orders: (readonly ('payload' | 'request' | 'tasks' | 'context')[])[] = [
    ['payload', 'request', 'tasks'],
    ['tasks', 'request', 'payload'],
    ['request', 'context', 'payload', 'tasks'],
    ['context', 'tasks', 'payload', 'request'],
  ]

  test.each(orders.map(order => [order.join(', '), order] as const))('%s', async (_name, order) => {
    const ran: string[] = []
    class Predictor extends BasePredictor {
      async predict(...given: unknown[]) {
        const payload = given[order.indexOf('payload')]
        const request = given[order.indexOf('request')] as Request
        const tasks = given[order.indexOf('tasks')] as BackgroundTasks
        tasks.add((word: string) => ran.push(word), 'ran')
        return { payload, body: await request.text(), ran: [...ran] }
      }
    }
    const { app } = await serveInMemory(Predictor, { signature: signatureOf(...order.map(role => ({ role }))) })
    const response = await postJSON(app, { a: 1 })
    expect(await response.json()).toEqual({ payload: { a: 1 }, body: '{"a":1}', ran: [] })
    await expect.poll(() => ran).toEqual(['ran'])
  })

  test.each([
    ['text', 'abc'],
    ['bytes', new Uint8Array([97, 98, 99])],
  ] as const)(
    '%s with the request: both have the body, and neither the memory of the other',
    async (role, expected) => {
      class Predictor extends BasePredictor {
        async predict(body: string | Uint8Array, request: Request) {
          const same = body instanceof Uint8Array ? [...body] : body
          if (body instanceof Uint8Array) body.fill(0)
          return { same, text: await request.text() }
        }
      }
      const { app } = await serveInMemory(Predictor, { signature: signatureOf({ role }, { role: 'request' }) })
      const same = typeof expected === 'string' ? expected : [...expected]
      expect(await (await post(app, 'abc')).json()).toEqual({ same, text: 'abc' })
    },
  )

  test('the stream with the request', async () => {
    class Predictor extends BasePredictor {
      async predict(stream: ReadableStream<Uint8Array>, request: Request) {
        return { stream: await new Response(stream).text(), request: await request.text() }
      }
    }
    const { app } = await serveInMemory(Predictor, { signature: signatureOf({ role: 'stream' }, { role: 'request' }) })
    expect(await (await post(app, 'abc')).json()).toEqual({ stream: 'abc', request: 'abc' })
  })
})

test('the context has the request id, deadline, signal, client, log and model', async () => {
  class Predictor extends BasePredictor {
    predict({ requestId, deadline, signal, client, principal, modelInfo, log }: PredictContext) {
      log.info('from predict', { mine: 1 })
      const soon = deadline.getTime() - Date.now()
      return { requestId, soon: soon > 0 && soon <= 60_000, aborted: signal.aborted, client, principal, modelInfo }
    }
  }
  const { app, lines } = await serveInMemory(Predictor, {
    signature: signatureOf({ role: 'context' }),
    modelInfo: { name: 'm', version: 'v7' },
  })
  const response = await post(app, undefined, { 'x-request-id': 'id-1' })
  expect(await response.json()).toEqual({
    requestId: 'id-1',
    soon: true,
    aborted: false,
    client: {},
    modelInfo: { name: 'm', version: 'v7', path: '.' },
  })
  expect(lines).toContainEqual({ level: 'info', message: 'from predict', requestId: 'id-1', mine: 1 })
})

describe('an optional body', () => {
  test.each([
    ['payload', '{"a":1}', { a: 1 }],
    ['text', 'a', 'a'],
  ] as const)('%s: undefined where there is none, else as ever', async (role, body, value) => {
    expect(await give([{ role, optional: true }])).toEqual([undefined])
    expect(await give([{ role, optional: true }], body)).toEqual([value])
  })

  test('a default of predict takes its place', async () => {
    class Predictor extends BasePredictor {
      predict(payload: { text: string } = { text: 'default' }) {
        return payload.text
      }
    }
    const { app } = await serveInMemory(Predictor)
    expect(await (await post(app)).text()).toBe('default')
    expect(await (await postJSON(app, { text: 'given' })).text()).toBe('given')
  })

  test('an empty body is a 400 where the payload is required', async () => {
    class Predictor extends BasePredictor {
      predict(payload: unknown) {
        return payload
      }
    }
    const { app } = await serveInMemory(Predictor)
    await expectProblem(await post(app), 400, 'empty_body')
    await expectProblem(await post(app, ' \n'), 400, 'invalid_json')
  })
})

describe('predict is found however it is written', () => {
  class Plain extends BasePredictor {
    word = 'instance'
    predict(_payload: unknown): unknown {
      return this.word
    }
  }
  class Inherited extends Plain {
    override word = 'inherited'
  }
  class Overridden extends Plain {
    override predict(payload: unknown): unknown {
      return `${super.predict(payload)} overridden`
    }
  }
  class Async extends BasePredictor {
    async predict(_payload: unknown) {
      return 'async'
    }
  }
  class Static extends BasePredictor {
    static word = 'static'
    static predict(_payload: unknown) {
      return Static.word
    }
  }
  class StaticThis extends BasePredictor {
    static word = 'static this'
    static predict(_payload: unknown): unknown {
      // biome-ignore lint/complexity/noThisInStatic: that it is bound is what is tested
      return this.word
    }
  }
  test.each<[PredictorClass, string]>([
    [Plain, 'instance'],
    [Inherited, 'inherited'],
    [Overridden, 'instance overridden'],
    [Async, 'async'],
    [Static, 'static'],
    [StaticThis, 'static this'],
  ])('%o', async (Predictor, expected) => {
    const { app } = await serveInMemory(Predictor)
    expect(await (await postJSON(app, {})).text()).toBe(expected)
  })

  test('a decorator on the inherited method holds', async () => {
    class Parent extends BasePredictor {
      @takes('request', 'payload')
      async predict(request: Request, payload: unknown): Promise<unknown> {
        return [await request.text(), payload]
      }
    }
    class Child extends Parent {}
    const { app } = await serveInMemory(Child)
    expect(await (await postJSON(app, 1)).json()).toEqual(['1', 1])
  })
})
