import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EngineFactory } from '../../src/app/app-options.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { InlineEngine } from '../../src/engine/inline-engine.ts'
import { HTTPException } from '../../src/index.ts'
import { chooseEngine } from '../../src/node/choose-engine.ts'
import { readServeOptions } from '../../src/node/serve-options.ts'
import type { PredictorClass } from '../../src/predictor/base-predictor.ts'
import { BatchPredictor, batch } from '../../src/predictor/batch-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import { type LoggedLine, served } from '../node/_served.ts'
import { expectProblem, gate, postJSON, serveInMemory, signatureOf, turns } from './_serving.ts'
import { Doubler, Holder, Pairs } from './fixtures/batching.js'

const number = signatureOf({ role: 'payload', schema: { type: 'number' } })

/** Sizes of the batches that a class has computed. */
const sizes: number[] = []

class Sizes extends BatchPredictor {
  predictBatch(numbers: number[]): (number | Error)[] {
    sizes.push(numbers.length)
    if (numbers.includes(13)) throw new Error('thirteen')
    if (numbers.includes(-1)) return []
    return numbers.map(item => (item === 7 ? new HTTPException(422, { message: 'seven' }) : item * 2))
  }
}

async function answers(responses: readonly Promise<Response>[]): Promise<unknown[]> {
  const settled = await Promise.all(responses)
  return Promise.all(settled.map(async response => (response.ok ? response.json() : response.status)))
}

describe('callers send one item and get one result', () => {
  test('those who come together are computed together', async () => {
    sizes.length = 0
    const { app } = await serveInMemory(Sizes, { signature: number })
    expect(await answers([1, 2, 3, 4, 5].map(item => postJSON(app, item)))).toEqual([2, 4, 6, 8, 10])
    expect(sizes).toEqual([5])
  })

  test('one that does not match its type is refused before it enters', async () => {
    sizes.length = 0
    const { app } = await serveInMemory(Sizes, { signature: number })
    const responses = [1, 'two', 3].map(item => postJSON(app, item))
    const problem = await expectProblem((await responses[1]) as Response, 422, 'invalid_payload')
    expect(problem.errors).toEqual([{ pointer: '#', detail: 'must be a number' }])
    expect(await answers([responses[0], responses[2]] as Promise<Response>[])).toEqual([2, 6])
    expect(sizes).toEqual([2])
  })

  test('one fails with what stands in its place, or with what its batch threw because of it', async () => {
    const { app, lines } = await serveInMemory(Sizes, { signature: number })
    const responses = await Promise.all([1, 7, 13, 3].map(item => postJSON(app, item)))
    const [first, seven, thirteen, last] = responses as [Response, Response, Response, Response]
    expect(await seven.json()).toMatchObject({ status: 422, detail: 'seven' })
    await expectProblem(thirteen, 500, 'internal')
    expect([await first.json(), await last.json()]).toEqual([2, 6])
    const failures = lines.filter(({ level }) => level === 'error')
    expect(failures).toMatchObject([
      { message: 'predict failed', requestId: thirteen.headers.get('x-request-id'), error: { message: 'thirteen' } },
    ])
  })

  test('a wrong number of results is a 500 for each and one line of the log', async () => {
    const { app, lines } = await serveInMemory(Sizes, { signature: number })
    const responses = await Promise.all([1, -1, 3].map(item => postJSON(app, item)))
    for (const response of responses) await expectProblem(response.clone(), 500, 'internal')
    const ids = responses.map(response => response.headers.get('x-request-id'))
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      {
        message: 'predictBatch failed',
        requestIds: ids,
        error: { message: 'predictBatch returned 0 results for 3 payloads: it must return one result for each' },
      },
    ])
  })

  test('one whose caller has left is not computed', async () => {
    const running = gate()
    const computed: number[][] = []
    class Slow extends BatchPredictor {
      async predictBatch(numbers: number[]) {
        computed.push(numbers)
        await running.opened
        return numbers
      }
    }
    const { app } = await serveInMemory(Slow, { signature: number })
    const first = postJSON(app, 1)
    await expect.poll(() => computed).toEqual([[1]])
    const controller = new AbortController()
    const init = { method: 'POST', body: '2', headers: { 'content-type': 'application/json' } }
    const left = app.request('/predict', { ...init, signal: controller.signal })
    const third = postJSON(app, 3)
    await turns()
    controller.abort()
    expect((await left).status).toBe(499)
    running.open()
    expect(await answers([first, third])).toEqual([1, 3])
    expect(computed).toEqual([[1], [3]])
  })
})

describe('@batch', () => {
  test('sets the limits, of subclasses too', async () => {
    sizes.length = 0
    class Limited extends Sizes {}
    batch({ maxSize: 2 })(Limited)
    class Below extends Limited {}
    const { app } = await serveInMemory(Below, { signature: number })
    expect(await answers([1, 2, 3, 4, 5].map(item => postJSON(app, item)))).toEqual([2, 4, 6, 8, 10])
    expect(sizes).toEqual([2, 2, 1])
  })

  test.each<[object, string]>([
    [{ maxSize: 0 }, '@batch: maxSize must be a number above 0, not 0'],
    [{ maxSize: Number.NaN }, '@batch: maxSize must be a number above 0, not NaN'],
    [{ maxWait: -1 }, "@batch: maxWait must be a duration, such as '5ms' or 5 milliseconds, not -1"],
    [{ maxWait: '5 minutes' }, "@batch: maxWait must be a duration, such as '5ms' or 5 milliseconds, not 5 minutes"],
  ])('%j is refused', (options, message) => {
    expect(() => batch(options)).toThrow(new TypeError(message))
  })
})

describe('as many calls are in flight as keep full batches coming', () => {
  async function largest(options: object): Promise<number> {
    sizes.length = 0
    const { app } = await serveInMemory(Sizes, { signature: number, ...options })
    await answers(Array.from({ length: 64 }, (_, item) => postJSON(app, 100 + item)))
    return Math.max(...sizes)
  }

  test('by default', async () => expect(await largest({})).toBe(32))
  test('unless concurrency says less', async () => expect(await largest({ concurrency: 8 })).toBe(8))
})

describe('prepare', () => {
  class Prepared extends BatchPredictor {
    async prepare(text: string, request: Request, context: PredictContext) {
      if (text === '') throw new HTTPException(422, { message: 'nothing to see' })
      return { text, language: request.headers.get('accept-language'), id: context.requestId }
    }

    predictBatch(items: { text: string; language: string | null; id: string }[]) {
      return items.map(item => ({ ...item, of: items.length }))
    }
  }
  const signature = signatureOf({ role: 'text', schema: { type: 'string' } }, { role: 'request' }, { role: 'context' })

  test('makes the item of a call from all a call has, and fails for its call alone', async () => {
    const { app } = await serveInMemory(Prepared, { signature })
    const headers = { 'accept-language': 'de', 'x-request-id': 'mine' }
    const [one, bad, other] = await answers([postJSON(app, 'a', headers), postJSON(app, ''), postJSON(app, 'b')])
    expect(one).toEqual({ text: 'a', language: 'de', id: 'mine', of: 2 })
    expect(bad).toBe(422)
    expect(other).toMatchObject({ text: 'b', language: null, of: 2 })
  })
})

const SOURCE = {
  module: new URL('fixtures/batching.js', import.meta.url),
  main: new URL('../../dist/replica-main.js', import.meta.url),
}

describe.each([
  ['in this process', { workers: 0 }],
  ['in a process of its own', { workers: 1, source: SOURCE }],
])('over a socket, %s', (_name, options) => {
  async function serveDoubler(predictor: PredictorClass = Doubler) {
    const source = 'source' in options ? { source: { ...options.source, exportName: predictor.name } } : {}
    const { server, lines } = await served(predictor, { signature: number, ...options, ...source })
    const call = (item: number) =>
      fetch(`${server.url}/predict`, {
        method: 'POST',
        body: JSON.stringify(item),
        headers: { 'content-type': 'application/json', 'x-request-id': `r${item}` },
      })
    const begun = () => expect.poll(() => lines.some(({ message }) => message.startsWith('computing'))).toBe(true)
    return { call, lines, begun }
  }

  test('what is ready leaves before the next batch, though predictBatch never awaits', async () => {
    const { call, begun } = await serveDoubler()
    const order: number[] = []
    const first = call(1).then(() => order.push(1))
    await begun()
    const others = [2, 3, 4].map(item => call(item).then(() => order.push(item)))
    await Promise.all([first, ...others])
    expect(order[0]).toBe(1)
  })

  test('console output names the calls of its batch', async () => {
    const { call, lines, begun } = await serveDoubler()
    const first = call(1)
    await begun()
    await Promise.all([first, ...[2, 3].map(async item => (await call(item)).json())])
    const printed = lines.filter(({ message }) => message.startsWith('computing'))
    const ids = printed.map(({ fields }) => fields['requestIds'] ?? [fields['requestId']])
    expect(ids.flat().sort()).toEqual(['r1', 'r2', 'r3'])
    expect(printed.map(({ message }) => message)).toEqual(ids.map(list => `computing ${[list].flat().length}`))
  })

  const errorsOf = (lines: readonly LoggedLine[]) =>
    lines
      .filter(({ level }) => level === 'error')
      .map(({ message, fields }) => [message, fields['requestId'] ?? fields['requestIds']])

  test('items fail alone', async () => {
    const { call, lines } = await serveDoubler()
    const statuses = await Promise.all([1, 7, 13, 2].map(async item => (await call(item)).status))
    expect(statuses).toEqual([200, 422, 500, 200])
    expect(errorsOf(lines)).toEqual([['predict failed', 'r13']])
  })

  test('a wrong length is one line', async () => {
    const { call, lines } = await serveDoubler(Pairs)
    expect(await Promise.all([-1, 5].map(async item => (await call(item)).status))).toEqual([500, 500])
    const errors = errorsOf(lines).map(([message, ids]) => [message, [ids].flat().sort()])
    expect(errors).toEqual([['predictBatch failed', ['r-1', 'r5']]])
  })
})

test('a process that computes without awaiting hears before its next batch that a caller has left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'incant-batching-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [begun, release] = [join(folder, 'begun'), join(folder, 'release')]
  const { server, load } = await serveCounted(Holder, { ...SOURCE, exportName: 'Holder' })
  const call = (files: readonly string[], signal: AbortSignal | null = null) =>
    fetch(`${server.url}/predict`, { method: 'POST', body: JSON.stringify(files), signal })
  const first = call([begun, release])
  await expect.poll(() => existsSync(begun)).toBe(true)
  const leaving = new AbortController()
  const left = call(['left'], leaving.signal).catch(() => 'left')
  const last = call(['last'])
  await expect.poll(() => load().running).toBe(3)
  leaving.abort()
  expect(await left).toBe('left')
  await expect.poll(() => load().running).toBe(2)
  writeFileSync(release, '')
  expect(await (await first).json()).toEqual([[begun, release]])
  expect(await (await last).json()).toEqual([['last']])
})

/** A server with one replica, and how much its engine has to do. */
async function serveCounted(predictor: PredictorClass, source: typeof SOURCE & { readonly exportName: string }) {
  let made: Engine | undefined
  const engine: EngineFactory = options => {
    made = chooseEngine(readServeOptions({ workers: 1 }).settings, source)?.(options) ?? new InlineEngine(options)
    return made
  }
  const { server } = await served(predictor, { signature: signatureOf({ role: 'payload' }), engine })
  return { server, load: () => made?.load ?? { running: 0, waiting: 0 } }
}
