import { HTTPException } from 'hono/http-exception'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import type { CallScope } from '../../src/engine/call-scope.ts'
import { silentLogger } from '../../src/log/logger.ts'
import type { BackgroundTasks } from '../../src/predictor/background-tasks.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import { expectProblem, gate, postJSON, serveInMemory, signatureOf, turns } from './_serving.ts'

const QUIET = { logger: silentLogger }

class Echo extends BasePredictor {
  predict(payload: unknown): unknown {
    return payload
  }
}

describe('setup', () => {
  test('until it is done, /predict and /ready are 503, /livez answers', async () => {
    const { opened, open } = gate()
    class Loading extends Echo {
      override setup(): Promise<void> {
        return opened
      }
    }
    const app = createApp(Loading, QUIET)
    expect(app.state).toBe('starting')
    for (const path of ['/ready', '/health'] as const) {
      const response = await app.request(path)
      expect(response.headers.get('retry-after')).toBe('1')
      await expectProblem(response, 503, 'starting')
    }
    await expectProblem(await postJSON(app, 1), 503, 'starting')
    expect((await app.request('/livez')).status).toBe(200)
    open()
    await app.ready
    expect(app.state).toBe('ready')
    expect((await app.request('/ready')).status).toBe(200)
    expect((await postJSON(app, 1)).status).toBe(200)
  })

  const failing: [string, PredictorClass, string][] = [
    [
      'throws',
      class extends Echo {
        override setup(): void {
          throw new Error('no such file')
        }
      },
      'setup() threw: no such file',
    ],
    [
      'rejects with a string',
      class extends Echo {
        override setup(): Promise<void> {
          return Promise.reject('no such file')
        }
      },
      'setup() threw: no such file',
    ],
    [
      'never gets so far, since the constructor throws',
      class extends Echo {
        constructor() {
          super()
          throw new Error('no such file')
        }
      },
      'the constructor threw: no such file',
    ],
  ]

  test.each(failing)('that %s: failed, and 503 from then on', async (_name, Predictor, found) => {
    const app = createApp(Predictor, QUIET)
    await expect(app.ready).rejects.toMatchObject({ code: 'setup_failed', found, cause: expect.anything() })
    expect(app.state).toBe('failed')
    for (const response of [await postJSON(app, 1), await app.request('/ready'), await app.request('/health')]) {
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(JSON.stringify(await expectProblem(response, 503, 'unavailable'))).not.toContain('no such file')
    }
    expect((await app.request('/livez')).status).toBe(200)
  })

  test('that hangs is given up', async () => {
    class Hanging extends Echo {
      override setup(): Promise<void> {
        return new Promise(() => {})
      }
    }
    const app = createApp(Hanging, { ...QUIET, setupTimeout: 20 })
    await expect(app.ready).rejects.toMatchObject({
      code: 'setup_timeout',
      message: expect.stringContaining('setup() did not finish within 0.02 s'),
    })
    expect(app.state).toBe('failed')
  })

  test('that fails while nobody awaits ready is no unhandled rejection', async () => {
    class Failing extends Echo {
      override async setup(): Promise<void> {
        throw new Error('alone')
      }
    }
    const app = createApp(Failing, QUIET)
    await expect.poll(() => app.state).toBe('failed')
    await turns()
  })
})

describe('the constructor', () => {
  class Configured extends BasePredictor<{ word: string }> {
    readonly seen: unknown
    atSetup: unknown
    constructor(config: { word: string }) {
      super()
      this.seen = { given: config, config: this.config, modelInfo: this.modelInfo }
    }
    override setup(): void {
      this.atSetup = { config: this.config, modelInfo: this.modelInfo }
    }
    predict(_payload: unknown) {
      return { seen: this.seen, atSetup: this.atSetup }
    }
  }

  test('has config and modelInfo, with super() alone, and so has setup', async () => {
    const config = { word: 'a' }
    const modelInfo = { name: 'm', version: 'v1', path: '/models/m' }
    const { app } = await serveInMemory(Configured, { config, modelInfo })
    expect(await (await postJSON(app, 1)).json()).toEqual({
      seen: { given: config, config, modelInfo },
      atSetup: { config, modelInfo },
    })
  })

  test('what super() is given is what this.config is', () => {
    class Own extends BasePredictor<{ word: string }> {
      constructor() {
        super({ word: 'own' })
      }
      predict() {}
    }
    expect(new Own().config).toEqual({ word: 'own' })
    expect(new Own().modelInfo).toEqual({ name: 'predictor', version: 'v0', path: '.' })
  })

  const schema = {
    type: 'object',
    properties: { word: { type: 'string' }, times: { type: 'integer', default: 2 } },
    required: ['word'],
  } as const
  const signature = { ...signatureOf({}), config: { schema } }

  test('gets its configuration checked, defaults filled in', async () => {
    const { app } = await serveInMemory(Configured, { signature, config: { word: 'a' } })
    const given = { word: 'a', times: 2 }
    expect(await (await postJSON(app, 1)).json()).toMatchObject({ seen: { given } })
  })

  test.each([
    [{ word: 1 }, '#/word must be a string'],
    [undefined, '#/word'],
    [{ word: 'a', times: 1.5 }, '#/times must be an integer'],
  ])('is not run with %j', (config, place) => {
    expect(() => createApp(Configured, { signature, config })).toThrow(
      expect.objectContaining({ code: 'invalid_config', found: expect.stringContaining(place) }),
    )
  })

  test('needs no configuration that is optional', async () => {
    const optional = { ...signature, config: { schema, optional: true } }
    const { app } = await serveInMemory(Echo, { signature: optional })
    expect((await postJSON(app, 1)).status).toBe(200)
  })
})

describe('health', () => {
  const healths: [string, () => unknown, number, string | undefined][] = [
    ['what it gives back is the answer', () => ({ status: 'ok', gpu: 0.5 }), 200, undefined],
    ['nothing is null', () => undefined, 200, undefined],
    [
      'a throw is a 503',
      () => {
        throw new Error('canary')
      },
      503,
      'unavailable',
    ],
    ['a rejection is a 503', () => Promise.reject(undefined), 503, 'unavailable'],
    ['one that hangs is a 503', () => new Promise(() => {}), 503, 'unavailable'],
    [
      'HTTPException chooses the status',
      () => {
        throw new HTTPException(418)
      },
      418,
      'http_418',
    ],
    ['what JSON cannot carry is a 500', () => Symbol('health'), 500, 'not_serializable'],
  ]

  test.each(healths)('%s', async (_name, health, status, code) => {
    class Healthy extends Echo {
      override health(): unknown {
        return health()
      }
    }
    const { app, lines } = await serveInMemory(Healthy, { healthTimeout: 20 })
    const response = await app.request('/health')
    expect(response.status).toBe(status)
    if (code !== undefined) expect(JSON.stringify(await expectProblem(response, status, code))).not.toContain('canary')
    if (status === 503) {
      expect(response.headers.get('retry-after')).toBe('5')
      expect(lines).toContainEqual(expect.objectContaining({ level: 'error', message: 'health() failed' }))
    }
  })
})

describe('the end', () => {
  test('drain: /ready is 503, everything else is served', async () => {
    const { app } = await serveInMemory(Echo)
    app.drain()
    expect(app.state).toBe('draining')
    const response = await app.request('/ready')
    expect(response.headers.get('retry-after')).toBe('1')
    await expectProblem(response, 503, 'draining')
    expect((await postJSON(app, 1)).status).toBe(200)
    expect((await app.request('/health')).status).toBe(200)
  })

  test('stop: what runs is finished, what is new is a 503; everyone who asked is told', async () => {
    const { opened, open } = gate()
    const begun = gate()
    class Waiting extends BasePredictor {
      async predict(payload: unknown) {
        begun.open()
        await opened
        return payload
      }
    }
    const { app } = await serveInMemory(Waiting)
    const running = postJSON(app, 1)
    await begun.opened
    expect(app.unfinished).toBe(1)
    const stopped = [app.stop(), app.stop()]
    expect(app.state).toBe('stopping')
    const refused = await postJSON(app, 2)
    expect(refused.headers.get('retry-after')).toBe('1')
    await expectProblem(refused, 503, 'draining')
    open()
    expect(await (await running).text()).toBe('1')
    await Promise.all(stopped)
    expect(app.unfinished).toBe(0)
  })

  test('stop with nothing to wait for is done at once', async () => {
    const { app } = await serveInMemory(Echo)
    await app.stop()
    await app.close()
    expect(app.state).toBe('stopped')
  })

  test('close cancels what still runs, and runs close() once', async () => {
    let closed = 0
    const begun = gate()
    class Hanging extends BasePredictor {
      predict(_payload: unknown) {
        begun.open()
        return new Promise(() => {})
      }
      override close(): void {
        closed += 1
      }
    }
    const { app } = await serveInMemory(Hanging)
    const running = postJSON(app, 1)
    await begun.opened
    await Promise.all([app.close(), app.close()])
    await app.close()
    const response = await running
    expect(response.headers.get('retry-after')).toBe('1')
    await expectProblem(response, 503, 'interrupted')
    expect(closed).toBe(1)
    await expectProblem(await postJSON(app, 1), 503, 'unavailable')
  })

  test('close ends a stream with the reason', async () => {
    class Endless extends BasePredictor {
      async *predict(_payload: unknown) {
        for (;;) yield await turns(1)
      }
    }
    const { app } = await serveInMemory(Endless)
    const response = await postJSON(app, 1)
    const reader = response.body?.getReader()
    await reader?.read()
    await app.close()
    let text = ''
    const decoder = new TextDecoder()
    await expect(
      (async () => {
        for (;;) text += decoder.decode((await reader?.read())?.value)
      })(),
    ).rejects.toThrow()
    expect(text).toContain('"code":"interrupted"')
  })

  test('a close() that throws tells whoever closes', async () => {
    class Failing extends Echo {
      override close(): void {
        throw new Error('cannot')
      }
    }
    const { app } = await serveInMemory(Failing)
    await expect(app.close()).rejects.toThrow('cannot')
  })
})

describe('background tasks', () => {
  const signature = signatureOf({ role: 'payload' }, { role: 'tasks' })

  test('run after the response, one after the other; one that fails is logged and stops no other', async () => {
    const order: string[] = []
    class Later extends BasePredictor {
      predict(_payload: unknown, tasks: BackgroundTasks) {
        tasks.add(async () => {
          await turns()
          order.push('first')
        })
        tasks.add(() => Promise.reject('canary'))
        tasks.add((word: string) => order.push(word), 'third')
        order.push('predict')
        return 'sent'
      }
    }
    const { app, lines } = await serveInMemory(Later, { signature })
    const response = await postJSON(app, 1)
    order.push(await response.text())
    await app.stop()
    expect(order).toEqual(['predict', 'sent', 'first', 'third'])
    expect(lines).toContainEqual({
      level: 'error',
      message: 'a background task failed',
      requestId: response.headers.get('x-request-id'),
      error: { name: 'string', message: 'canary' },
    })
  })

  test('keep a stop waiting, also those that tasks add', async () => {
    const { opened, open } = gate()
    let done = false
    const finish = async (): Promise<void> => {
      await opened
      done = true
    }
    class Later extends BasePredictor {
      predict(_payload: unknown, tasks: BackgroundTasks) {
        tasks.add(() => tasks.add(finish))
        return 'sent'
      }
    }
    const { app } = await serveInMemory(Later, { signature })
    await postJSON(app, 1)
    let stopped = false
    const stopping = app.stop().then(() => {
      stopped = true
    })
    await turns()
    expect({ stopped, unfinished: app.unfinished }).toEqual({ stopped: false, unfinished: 1 })
    open()
    await stopping
    expect(done).toBe(true)
  })

  test('of a call that was answered with a 504 still run', async () => {
    const ran: string[] = []
    const late = gate()
    class Late extends BasePredictor {
      async predict(_payload: unknown, tasks: BackgroundTasks) {
        tasks.add(() => ran.push('before'))
        await late.opened
        tasks.add(() => ran.push('after'))
      }
    }
    const { app } = await serveInMemory(Late, { signature, requestTimeout: 10 })
    await expectProblem(await postJSON(app, 1), 504, 'deadline_exceeded')
    await expect.poll(() => ran).toEqual(['before'])
    late.open()
    await expect.poll(() => ran).toEqual(['before', 'after'])
    await expect.poll(() => app.unfinished).toBe(0)
  })

  test('run in the scope of their call', async () => {
    const scopes: (string | undefined)[] = []
    let current: string | undefined
    class Later extends BasePredictor {
      predict(_payload: unknown, tasks: BackgroundTasks) {
        scopes.push(current)
        tasks.add(() => scopes.push(current))
      }
    }
    const callScope: CallScope = (id, call) => {
      current = String(id)
      try {
        return call()
      } finally {
        current = undefined
      }
    }
    const { app } = await serveInMemory(Later, { signature, callScope })
    await postJSON(app, 1, { 'x-request-id': 'id-1' })
    await app.stop()
    expect(scopes).toEqual(['id-1', 'id-1'])
  })
})

describe('another copy of the package', () => {
  test('makes predictors that this one serves', async () => {
    const { BasePredictor: Other } = await import(`../../src/predictor/base-predictor.ts?${'copy'}`)
    expect(Other).not.toBe(BasePredictor)
    class Foreign extends Other {
      seen: unknown
      constructor(config: unknown) {
        super(config)
        this.seen = [this['config'], this['modelInfo']]
      }
      predict() {
        return this.seen
      }
    }
    // The other copy's type is not known here.
    const { app } = await serveInMemory(Foreign as unknown as PredictorClass, { config: { a: 1 } })
    expect(await (await postJSON(app, 1)).json()).toEqual([{ a: 1 }, { name: 'predictor', version: 'v0', path: '.' }])
  })
})
