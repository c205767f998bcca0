import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import type { BackgroundTasks } from '../../src/predictor/background-tasks.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import { BatchPredictor } from '../../src/predictor/batch-predictor.ts'
import type { PredictSignature } from '../../src/signature/signature.ts'
import { served } from '../node/_served.ts'
import { recordLog, serveInMemory, signatureOf, turns } from './_serving.ts'
import { Cold, Warmed } from './fixtures/batching.js'

const number = signatureOf({ role: 'payload', schema: { type: 'number' } })
const dated = signatureOf({
  role: 'payload',
  schema: {
    type: 'object',
    properties: {
      at: { type: 'string', format: 'date-time', 'x-incant-type': 'Date' },
      top: { type: 'number', default: 3 },
    },
    required: ['at'],
  },
})

/** Sets a predictor up and gives what it was called with before it was ready. */
async function callsOf(
  Predictor: PredictorClass & { calls: unknown[] },
  signature: PredictSignature,
): Promise<unknown[]> {
  await serveInMemory(Predictor, { signature })
  return Predictor.calls
}

describe("static warmup = 'examples'", () => {
  const schemaOf = (text: object, root: object = {}) =>
    signatureOf({
      role: 'payload',
      schema: {
        type: 'object',
        properties: {
          text: { type: 'string', ...text },
          top: { type: 'number', default: 3 },
          note: { type: 'string' },
        },
        required: ['text'],
        ...root,
      },
    })

  const makePredictor = () =>
    class Predictor extends BasePredictor {
      static warmup = 'examples'
      static calls: unknown[] = []
      predict(payload: unknown) {
        Predictor.calls.push(payload)
      }
    }

  test('predicts what the members have, each with the defaults of the others', async () => {
    expect(await callsOf(makePredictor(), schemaOf({ examples: ['one', 'two'] }))).toEqual([
      { text: 'one', top: 3 },
      { text: 'two', top: 3 },
    ])
  })

  test('predicts what the type itself has', async () => {
    const root = { examples: [{ text: 'whole', top: 1 }] }
    expect(await callsOf(makePredictor(), schemaOf({ examples: ['one', 'two'] }, root))).toEqual([
      { text: 'whole', top: 1 },
    ])
  })

  test('follows references, also of a type that holds itself', async () => {
    const node = {
      type: 'object',
      properties: { name: { type: 'string', examples: ['leaf'] }, next: { $ref: '#/$defs/Node' } },
      required: ['name'],
    } as const
    const signature = {
      ...signatureOf({ role: 'payload', schema: { $ref: '#/$defs/Node' } }),
      definitions: { Node: node },
    }
    const [payload] = await callsOf(makePredictor(), signature)
    expect(payload).toMatchObject({ name: 'leaf', next: { name: 'leaf' } })
  })

  test.each([
    ['a required member without one', schemaOf({})],
    ['no types', signatureOf({ role: 'payload' })],
  ])('fails the start where there is %s', (_name, signature) => {
    expect(() => createApp(makePredictor(), { signature })).toThrow(
      expect.objectContaining({
        code: 'warmup_failed',
        found: "Predictor.warmup is 'examples', and the type of the payload comes to none",
        instead: 'Write @example at the type, or at each of its required members.',
      }),
    )
  })
})

describe('static warmup is predicted before the server is ready', () => {
  test('one payload after the other, after setup, as predict gets them', async () => {
    class Predictor extends BasePredictor {
      static warmup = [{ at: '2026-01-31T12:00:00Z' }, { at: '2026-02-01T12:00:00Z', top: 1 }]
      static calls: unknown[] = []
      #isSetUp = false
      override async setup() {
        await turns()
        this.#isSetUp = true
      }
      async predict(payload: unknown) {
        expect(this.#isSetUp).toBe(true)
        Predictor.calls.push('begin', payload)
        await turns()
        Predictor.calls.push('end')
      }
    }
    expect(await callsOf(Predictor, dated)).toEqual([
      'begin',
      { at: new Date('2026-01-31T12:00:00Z'), top: 3 },
      'end',
      'begin',
      { at: new Date('2026-02-01T12:00:00Z'), top: 1 },
      'end',
    ])
  })

  test('of a batch predictor, as a batch', async () => {
    class Predictor extends BatchPredictor {
      static warmup = [1, 2, 3]
      static calls: unknown[] = []
      predictBatch(numbers: number[]) {
        Predictor.calls.push(numbers)
        return numbers
      }
    }
    expect(await callsOf(Predictor, number)).toEqual([[1, 2, 3]])
  })

  test('a stream is read to its end, and background tasks run', async () => {
    class Predictor extends BasePredictor {
      static warmup = [2]
      static calls: unknown[] = []
      async *predict(count: number, tasks: BackgroundTasks) {
        tasks.add(() => Predictor.calls.push('task'))
        for (let item = 0; item < count; item += 1) yield item
        Predictor.calls.push('end')
      }
    }
    const signature = signatureOf({ role: 'payload', schema: { type: 'number' } }, { role: 'tasks' })
    expect(await callsOf(Predictor, signature)).toEqual(['end', 'task'])
  })

  test.each<[string, unknown, string]>([
    ['a Request', new Request('http://localhost/x', { method: 'POST', body: 'hi' }), '/x text/plain;charset=UTF-8 hi'],
    ['bytes', new Uint8Array([104, 105]), '/predict null hi'],
    ['anything else, as JSON', { a: 1 }, '/predict application/json {"a":1}'],
  ])('where predict takes the raw request: %s', async (_name, payload, expected) => {
    class Predictor extends BasePredictor {
      static warmup = [payload]
      static calls: unknown[] = []
      async predict(request: Request) {
        const { pathname } = new URL(request.url)
        Predictor.calls.push(`${pathname} ${request.headers.get('content-type')} ${await request.text()}`)
      }
    }
    expect(await callsOf(Predictor, signatureOf({ role: 'request' }))).toEqual([expected])
  })

  test('a static method of that name is the class’s own', async () => {
    class Predictor extends BasePredictor {
      static calls: unknown[] = []
      static warmup() {}
      predict() {
        Predictor.calls.push('called')
      }
    }
    expect(await callsOf(Predictor, signatureOf())).toEqual([])
  })
})

describe('a failing one stops the start', () => {
  function predictorWith(warmup: unknown, predict: (payload: unknown) => unknown = payload => payload): PredictorClass {
    return class Predictor extends BasePredictor {
      static warmup = warmup
      predict(payload: unknown) {
        return predict(payload)
      }
    }
  }

  test.each<[string, (payload: unknown) => unknown, string]>([
    ['predict throws', () => Promise.reject(new Error('no kernel')), 'warmup[1] failed: no kernel'],
    ['its result cannot be sent', () => Number.NaN, 'warmup[0] failed'],
    [
      'its stream fails',
      async function* () {
        yield 1
        throw new Error('half way')
      },
      'warmup[0] failed: half way',
    ],
  ])('%s', async (_name, predict, found) => {
    const predictor = predictorWith([1, 2], payload => (found.includes('[1]') && payload === 1 ? 0 : predict(payload)))
    const app = createApp(predictor, { signature: number, logger: recordLog().logger })
    await expect(app.ready).rejects.toMatchObject({
      code: 'warmup_failed',
      found: expect.stringContaining(found),
      instead: 'Fix predict, or the payload in `static warmup`.',
    })
    expect(app.state).toBe('failed')
  })

  test.each<[string, unknown, string]>([
    ['no array', 'text', 'Predictor.warmup is a string'],
    ['a payload of another type', [1, 'two'], 'warmup[1] does not match the type of the payload: # must be a number'],
  ])('%s', (_name, warmup, found) => {
    expect(() => createApp(predictorWith(warmup), { signature: number })).toThrow(
      expect.objectContaining({ code: 'warmup_failed', found }),
    )
  })

  test('one that takes too long is a setup that takes too long', async () => {
    const predictor = predictorWith([1], () => new Promise(() => {}))
    const app = createApp(predictor, { signature: number, setupTimeout: 30, logger: recordLog().logger })
    await expect(app.ready).rejects.toMatchObject({ code: 'setup_timeout' })
  })
})

describe('in a process of its own', () => {
  const source = {
    module: new URL('fixtures/batching.js', import.meta.url),
    main: new URL('../../dist/replica-main.js', import.meta.url),
  }

  test('it is predicted there', async () => {
    const { server } = await served(Warmed, {
      signature: number,
      workers: 1,
      source: { ...source, exportName: 'Warmed' },
    })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${server.url}/predict`, { method: 'POST', body: '4', headers })
    expect(await response.json()).toEqual([[1, 2, 3], [4]])
  })

  test('a failing one stops the start', async () => {
    const options = { signature: number, workers: 1, source: { ...source, exportName: 'Cold' } }
    await expect(served(Cold, options)).rejects.toMatchObject({
      code: 'warmup_failed',
      found: 'warmup[0] failed: no kernel for this card',
    })
  })
})
