import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import { expectProblem, gate, postJSON, requestLines, serveInMemory, signatureOf, turns } from './_serving.ts'

const WITH_CONTEXT = signatureOf({ role: 'payload' }, { role: 'context' })

describe('the deadline', () => {
  class Hanging extends BasePredictor {
    static signal: AbortSignal | undefined
    predict(_payload: unknown, context: PredictContext) {
      Hanging.signal = context.signal
      return new Promise(() => {})
    }
  }

  test('is a 504, and predict is told', async () => {
    const { app, lines } = await serveInMemory(Hanging, { signature: WITH_CONTEXT, requestTimeout: 20 })
    await expectProblem(await postJSON(app, {}), 504, 'deadline_exceeded')
    expect(Hanging.signal?.aborted).toBe(true)
    expect(Hanging.signal?.reason).toMatchObject({ code: 'deadline_exceeded' })
    expect(await requestLines(lines)).toMatchObject([{ status: 504, reason: 'deadline_exceeded' }])
  })

  test('frees the place of a predict that never ends', async () => {
    const { app } = await serveInMemory(Hanging, {
      signature: WITH_CONTEXT,
      requestTimeout: 20,
      concurrency: 1,
      queue: 0,
    })
    await expectProblem(await postJSON(app, {}), 504, 'deadline_exceeded')
    await expectProblem(await postJSON(app, {}), 504, 'deadline_exceeded')
  })

  test('counts the time in the queue', async () => {
    const options = { signature: WITH_CONTEXT, requestTimeout: 40, concurrency: 1 }
    const { app } = await serveInMemory(Hanging, options)
    const [first, second] = await Promise.all([postJSON(app, {}), postJSON(app, {})])
    await expectProblem(first, 504, 'deadline_exceeded')
    await expectProblem(second, 504, 'deadline_exceeded')
  })

  test('does not fire after the answer', async () => {
    let signal: AbortSignal | undefined
    class Quick extends BasePredictor {
      predict(_payload: unknown, context: PredictContext) {
        signal = context.signal
        return 'quick'
      }
    }
    const { app } = await serveInMemory(Quick, { signature: WITH_CONTEXT, requestTimeout: 2000 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    expect(await (await postJSON(app, {})).text()).toBe('quick')
    vi.advanceTimersByTime(4000)
    await turns()
    expect(signal?.aborted).toBe(false)
  })

  test('what predict throws after it is nobody’s concern', async () => {
    const late = gate()
    class Late extends BasePredictor {
      async predict(_payload: unknown) {
        await late.opened
        throw new Error('late')
      }
    }
    const { app } = await serveInMemory(Late, { requestTimeout: 10 })
    await expectProblem(await postJSON(app, {}), 504, 'deadline_exceeded')
    late.open()
    // An unhandled rejection would end the test.
    await turns()
  })

  test('a response that comes too late has its body cancelled', async () => {
    const late = gate()
    const cancelled = gate()
    class Late extends BasePredictor {
      async predict(_payload: unknown) {
        await late.opened
        return new Response(new ReadableStream({ cancel: cancelled.open }))
      }
    }
    const { app } = await serveInMemory(Late, { requestTimeout: 10 })
    await expectProblem(await postJSON(app, {}), 504, 'deadline_exceeded')
    late.open()
    await cancelled.opened
  })
})

describe('a Response that streams', () => {
  /** A body that goes on for ever, and what ended it. */
  function endless(): { body: ReadableStream<Uint8Array>; ended: Promise<unknown> } {
    let end: (reason: unknown) => void = () => {}
    const ended = new Promise(resolve => {
      end = resolve
    })
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      await turns(1)
      controller.enqueue(new Uint8Array(1))
    }
    return { body: new ReadableStream({ pull, cancel: reason => end(reason) }), ended }
  }

  async function serving(body: ReadableStream<Uint8Array>, options: object = {}) {
    class Streaming extends BasePredictor {
      predict(_payload: unknown) {
        return new Response(body)
      }
    }
    return serveInMemory(Streaming, options)
  }

  test('is cut at the deadline, and told why', async () => {
    const { body, ended } = endless()
    const { app, lines } = await serving(body, { requestTimeout: 20 })
    const response = await postJSON(app, {})
    expect(response.status).toBe(200)
    await expect(response.arrayBuffer()).rejects.toMatchObject({ code: 'deadline_exceeded' })
    expect(await ended).toMatchObject({ code: 'deadline_exceeded' })
    expect(await requestLines(lines)).toMatchObject([{ status: 504, reason: 'deadline_exceeded' }])
  })

  test('ends when its reader leaves', async () => {
    const { body, ended } = endless()
    const { app, lines } = await serving(body)
    const reader = (await postJSON(app, {})).body?.getReader()
    await reader?.read()
    await reader?.cancel('enough')
    await ended
    expect(lines.find(({ message }) => message === 'request')).toMatchObject({ status: 499, reason: 'client_closed' })
  })

  test('that is whole in time stays whole', async () => {
    const { app } = await serving(new Blob(['whole']).stream(), { requestTimeout: 1000 })
    expect(await (await postJSON(app, {})).text()).toBe('whole')
  })
})

describe('a full queue', () => {
  test('is a 503 with Retry-After, before the body is read; those who wait are served', async () => {
    const { opened, open } = gate()
    const begun = gate()
    class Waiting extends BasePredictor {
      async predict(payload: unknown) {
        begun.open()
        await opened
        return payload
      }
    }
    const { app } = await serveInMemory(Waiting, { concurrency: 1, queue: 1 })
    const served = [postJSON(app, 1), postJSON(app, 2)]
    await begun.opened
    await turns()
    const refused = await app.request('/predict', { method: 'POST', body: 'this is not even JSON' })
    expect(refused.headers.get('retry-after')).toBe('1')
    await expectProblem(refused, 503, 'queue_full')
    open()
    expect(await Promise.all(served.map(async response => (await response).text()))).toEqual(['1', '2'])
  })

  test('a caller that leaves the queue is never served', async () => {
    const { opened, open } = gate()
    const called: unknown[] = []
    class Waiting extends BasePredictor {
      async predict(payload: unknown) {
        called.push(payload)
        await opened
        return payload
      }
    }
    const { app } = await serveInMemory(Waiting, { concurrency: 1, queue: 5 })
    const first = postJSON(app, 1)
    await expect.poll(() => called).toEqual([1])
    const controller = new AbortController()
    const second = app.request('/predict', { method: 'POST', body: '2', signal: controller.signal })
    const third = postJSON(app, 3)
    await turns()
    controller.abort()
    expect((await second).status).toBe(499)
    open()
    expect(await (await first).text()).toBe('1')
    expect(await (await third).text()).toBe('3')
    expect(called).toEqual([1, 3])
  })
})
