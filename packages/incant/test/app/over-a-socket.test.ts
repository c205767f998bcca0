import { afterEach, describe, expect, test } from 'vitest'
import { type PredictorServer, type ServeOptions, serve } from '../../src/node/index.ts'
import type { BackgroundTasks } from '../../src/predictor/background-tasks.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import { gate, type LogLine, recordLog, requestLines, signatureOf, turns } from './_serving.ts'

// What the parts below do by default and must not: each of these once was a 200, a stack trace or the end of the process.

type Body = string | Uint8Array<ArrayBuffer>

const open: PredictorServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close({ gracePeriod: 0 })
})

async function serving(
  predictor: PredictorClass,
  options: ServeOptions = {},
): Promise<{ server: PredictorServer; lines: LogLine[]; ask(body?: Body, init?: RequestInit): Promise<Response> }> {
  const { logger, lines } = recordLog()
  const server = await serve(predictor, { port: 0, logger, ...options })
  open.push(server)
  await server.ready.catch(() => {})
  const ask = (body: Body = '{}', init: RequestInit = {}) =>
    fetch(`${server.url}/predict`, { method: 'POST', body, ...init })
  return { server, lines, ask }
}

/** A predictor that gives back what `make` makes. */
function giving(make: (payload: unknown) => unknown): PredictorClass {
  return class Predictor extends BasePredictor {
    predict(payload: unknown) {
      return make(payload)
    }
  }
}

const codeOf = async (response: Response): Promise<unknown> => {
  const { code } = (await response.json()) as { code: string }
  return { status: response.status, code }
}

describe('a header no message can carry is a 500, and the server goes on', () => {
  test.each([
    ['CR and LF', 'a\r\nset-cookie: evil=1'],
    ['NUL', 'a\0b'],
    ['a character past U+00FF', '\u0100'],
  ])('%s', async (_name, value) => {
    // In this process Response is the adapter's own, which looks at headers only when they are sent.
    const { ask, server } = await serving(giving(() => new Response('a', { headers: { 'x-mine': value } })))
    expect(await codeOf(await ask())).toEqual({ status: 500, code: 'internal' })
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
  })

  test('two cookies stay two', async () => {
    const { ask } = await serving(
      giving(() => {
        const headers = new Headers([
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ])
        return new Response('a', { headers })
      }),
    )
    expect((await ask()).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })
})

describe('input', () => {
  test.each<[string, Body, string]>([
    ['bad JSON', '{"a":canary}', 'invalid_json'],
    ['bad UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'invalid_utf8'],
    ['nothing', '', 'empty_body'],
    ['__proto__', '{"__proto__":1}', 'forbidden_key'],
    ['a hundred brackets', '['.repeat(100), 'too_deep'],
  ])('%s is a 400 without the input', async (_name, body, code) => {
    const { ask } = await serving(giving(payload => payload))
    const response = await ask(body, { headers: { 'content-type': 'application/json' } })
    const text = await response.text()
    expect({ status: response.status, code: JSON.parse(text).code }).toEqual({ status: 400, code })
    expect(text).not.toContain('canary')
  })

  test('bytes are a plain Uint8Array with a buffer of its own, not a window of the pool of requests', async () => {
    class Bytes extends BasePredictor {
      predict(bytes: Uint8Array) {
        const { buffer, byteLength } = bytes
        return { plain: Object.getPrototypeOf(bytes) === Uint8Array.prototype, own: buffer.byteLength === byteLength }
      }
    }
    const { ask } = await serving(Bytes, { signature: signatureOf({ role: 'bytes' }) })
    expect(await (await ask('abc')).json()).toEqual({ plain: true, own: true })
  })

  test('100,000 bad items are 50 errors', async () => {
    const schema = { type: 'array', items: { type: 'number' } } as const
    const { ask } = await serving(
      giving(() => 'never'),
      { signature: signatureOf({ schema }) },
    )
    const response = await ask(JSON.stringify(Array(100_000).fill('x')))
    const { errors } = (await response.json()) as { errors: unknown[] }
    expect({ status: response.status, errors: errors.length }).toEqual({ status: 422, errors: 50 })
  })
})

describe('streams', () => {
  test('that fail before their first item are a 500', async () => {
    const { ask } = await serving(
      giving(async function* () {
        yield Promise.reject(new Error('canary'))
      }),
    )
    expect(await codeOf(await ask())).toEqual({ status: 500, code: 'internal' })
  })

  test('that fail later end with an error event and an incomplete message', async () => {
    const { ask } = await serving(
      giving(async function* () {
        yield 1
        throw new Error('canary')
      }),
    )
    const response = await ask()
    let text = ''
    await expect(
      (async () => {
        for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk)
      })(),
    ).rejects.toThrow()
    expect(text).toMatch(/^data: 1\n\nevent: error\ndata: \{.*"code":"internal".*\}\n\n$/)
    expect(text).not.toContain('canary')
  })

  test('whose reader leaves return their generator, and are a 499 in the log', async () => {
    const returned = gate()
    const { ask, lines } = await serving(
      giving(async function* () {
        try {
          for (;;) yield await turns(1)
        } finally {
          returned.open()
        }
      }),
    )
    const controller = new AbortController()
    const response = await ask('{}', { signal: controller.signal })
    await response.body?.getReader().read()
    controller.abort()
    await returned.opened
    expect(await requestLines(lines)).toMatchObject([{ status: 499, reason: 'client_closed' }])
  })
})

describe('life', () => {
  test('setup that hangs: 503 with Retry-After, and a close that does not wait for it', async () => {
    class Hanging extends BasePredictor {
      predict(_payload: unknown) {}
      override setup(): Promise<void> {
        return new Promise(() => {})
      }
    }
    const server = await serve(Hanging, { port: 0, logger: recordLog().logger })
    open.push(server)
    const response = await fetch(`${server.url}/predict`, { method: 'POST', body: '{}' })
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await codeOf(response)).toEqual({ status: 503, code: 'starting' })
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    expect(await server.close({ gracePeriod: 1000 })).toEqual({ cut: 0 })
  })

  test.each<[string, () => unknown]>([
    ['throws', () => Promise.reject(new Error('canary'))],
    ['hangs', () => new Promise(() => {})],
  ])('health that %s is a 503', async (_name, health) => {
    class Ill extends BasePredictor {
      predict(_payload: unknown) {}
      override health(): unknown {
        return health()
      }
    }
    const { server } = await serving(Ill, { healthTimeout: 20 })
    expect(await codeOf(await fetch(`${server.url}/health`))).toEqual({ status: 503, code: 'unavailable' })
  })

  test('a close waits for background tasks, then runs close() once', async () => {
    const order: string[] = []
    const { opened, open } = gate()
    class Later extends BasePredictor {
      predict(_payload: unknown, tasks: BackgroundTasks) {
        tasks.add(async () => {
          await opened
          order.push('task')
        })
        tasks.add(() => {
          throw new Error('failing')
        })
        return 'sent'
      }
      override close(): void {
        order.push('close')
      }
    }
    const signature = signatureOf({ role: 'payload' }, { role: 'tasks' })
    const { server, lines, ask } = await serving(Later, { signature })
    order.push(await (await ask()).text())
    const closing = Promise.all([server.close(), server.close()])
    await expect.poll(() => server.state).toBe('stopping')
    await turns()
    expect(order).toEqual(['sent'])
    open()
    expect(await closing).toEqual([{ cut: 0 }, { cut: 0 }])
    expect(order).toEqual(['sent', 'task', 'close'])
    expect(lines).toContainEqual(expect.objectContaining({ message: 'a background task failed' }))
  })
})
