import { describe, expect, test } from 'vitest'
import { Cancellation } from '../../src/engine/cancellation.ts'
import type { PredictCall } from '../../src/engine/engine.ts'
import { InlineEngine } from '../../src/engine/inline-engine.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import { describeFailure } from '../../src/http/failure.ts'
import { silentLogger } from '../../src/log/logger.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'

function engineOf(predictor: PredictorClass, limits: { concurrency?: number; queue?: number } = {}): InlineEngine {
  return new InlineEngine({
    predictor,
    roles: ['payload'],
    config: undefined,
    modelInfo: { name: 'predictor', version: 'v0', path: '.' },
    setupTimeout: 1000,
    healthTimeout: 1000,
    logger: silentLogger,
    callScope: (_id, call) => call(),
    describe: (thrown, call) => describeFailure(thrown, call.id, silentLogger),
    concurrency: limits.concurrency ?? 4,
    queue: limits.queue ?? 100,
  })
}

function callOf(body: unknown, cancellation = new Cancellation()): PredictCall {
  return {
    id: 'id',
    input: { body },
    deadline: 0,
    cancellation,
    streamFormat: 'ndjson',
    client: { address: undefined },
    principal: undefined,
    defer: () => {},
  }
}

/** A generator of numbers that gives the same ones for the same seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const KINDS = [
  'value',
  'throw',
  'late throw',
  'hang',
  'stream',
  'bad stream',
  'unwritable',
  'response',
  'slow',
] as const
type Kind = (typeof KINDS)[number]

class Anything extends BasePredictor {
  static current = 0
  static most = 0

  async predict(kind: Kind): Promise<unknown> {
    Anything.current += 1
    Anything.most = Math.max(Anything.most, Anything.current)
    try {
      return await this.#act(kind)
    } finally {
      Anything.current -= 1
    }
  }

  async #act(kind: Kind): Promise<unknown> {
    if (kind === 'throw') throw undefined
    if (kind === 'late throw') return soon().then(() => Promise.reject(new Error('late')))
    if (kind === 'hang') return new Promise(resolve => setTimeout(resolve, 30))
    if (kind === 'stream' || kind === 'bad stream') return stream(kind)
    if (kind === 'unwritable') return Symbol('unwritable')
    if (kind === 'response') return new Response('a')
    if (kind === 'slow') await soon()
    return { kind }
  }
}

async function* stream(kind: Kind): AsyncGenerator<number> {
  yield 1
  await soon()
  if (kind === 'bad stream') throw new Error('bad')
  yield 2
}

function soon(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 1))
}

/** Makes a call, cancels some, reads some of the streams to the end and leaves others. */
async function callAtRandom(engine: InlineEngine, next: () => number): Promise<string> {
  const kind = KINDS[Math.floor(next() * KINDS.length)] ?? 'value'
  const cancellation = new Cancellation()
  const [cancelled, read] = [next() < 0.3, next() < 0.7]
  const answer = ([undefined, 'items', 'value'] as const)[Math.floor(next() * 3)]
  if (cancelled) setTimeout(() => cancellation.cancel(new RequestError('deadline_exceeded')), next() * 4)
  try {
    const output = await engine.predict({ ...callOf(kind, cancellation), answer })
    if (!(output.body instanceof ReadableStream) || output instanceof Response) return 'answered'
    if (!read) return await output.body.cancel().then(() => 'left')
    return await new Response(output.body).text().then(() => 'read')
  } catch (thrown) {
    return thrown instanceof RequestError ? thrown.code : 'failed'
  }
}

describe('counters', () => {
  test('return to zero after 2,000 calls with faults, cancellations and streams that are left', async () => {
    const engine = engineOf(Anything, { concurrency: 8, queue: 50 })
    await engine.start()
    const next = random(20_240_131)
    const outcomes = new Map<string, number>()
    const calls = Array.from({ length: 2000 }, async (_, index) => {
      await new Promise(resolve => setTimeout(resolve, index / 4))
      const outcome = await callAtRandom(engine, next)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      expect(engine.load.running).toBeLessThanOrEqual(8)
      expect(engine.load.waiting).toBeLessThanOrEqual(50)
    })
    await Promise.all(calls)
    expect(engine.load).toEqual({ running: 0, waiting: 0 })
    // Each way to end has been taken, so that the zero above means something.
    expect([...outcomes.keys()].sort()).toEqual(
      expect.arrayContaining(['answered', 'deadline_exceeded', 'failed', 'left', 'read']),
    )
    expect((await engine.predict(callOf('value'))).body).toBe('{"kind":"value"}')
  })
})

describe('turns', () => {
  class Gated extends BasePredictor {
    static called: unknown[] = []
    static open: (() => void)[] = []
    predict(payload: unknown) {
      Gated.called.push(payload)
      return new Promise<unknown>(resolve => Gated.open.push(() => resolve(payload)))
    }
  }

  async function gated(limits: { concurrency: number; queue: number }): Promise<InlineEngine> {
    Gated.called = []
    Gated.open = []
    const engine = engineOf(Gated, limits)
    await engine.start()
    return engine
  }

  test('no more run than may, in the order they came', async () => {
    const engine = await gated({ concurrency: 2, queue: 10 })
    const calls = [1, 2, 3, 4, 5].map(async payload => (await engine.predict(callOf(payload))).body)
    await soon()
    expect(Gated.called).toEqual([1, 2])
    while (Gated.open.length > 0) {
      Gated.open.shift()?.()
      await soon()
    }
    expect(Gated.called).toEqual([1, 2, 3, 4, 5])
    expect(await Promise.all(calls)).toEqual(['1', '2', '3', '4', '5'])
  })

  test('a call that is cancelled in its turn is answered at once, and the next one runs', async () => {
    const engine = await gated({ concurrency: 1, queue: 10 })
    const cancellation = new Cancellation()
    const first = engine.predict(callOf(1, cancellation))
    const second = engine.predict(callOf(2))
    cancellation.cancel(new RequestError('client_closed'))
    await expect(first).rejects.toMatchObject({ code: 'client_closed' })
    await soon()
    expect(Gated.called).toEqual([1, 2])
    Gated.open[1]?.()
    expect((await second).body).toBe('2')
    expect(engine.load).toEqual({ running: 0, waiting: 0 })
  })

  test('predict is not called for a call that ended before its turn', async () => {
    const engine = await gated({ concurrency: 1, queue: 10 })
    const cancellation = new Cancellation()
    cancellation.cancel(new RequestError('client_closed'))
    await expect((async () => engine.predict(callOf(1, cancellation)))()).rejects.toMatchObject({
      code: 'client_closed',
    })
    expect(Gated.called).toEqual([])
    expect(engine.load).toEqual({ running: 0, waiting: 0 })
  })

  test('close cancels what runs, and predict is never called for what waits', async () => {
    const engine = await gated({ concurrency: 1, queue: 10 })
    const calls = [1, 2, 3].map(async payload => engine.predict(callOf(payload)))
    const codes = calls.map(call => call.catch((thrown: RequestError) => thrown.code))
    await soon()
    await engine.close()
    expect(await Promise.all(codes)).toEqual(['interrupted', 'unavailable', 'unavailable'])
    expect(Gated.called).toEqual([1])
    expect(engine.load).toEqual({ running: 0, waiting: 0 })
  })
})

describe('states', () => {
  class Fine extends BasePredictor {
    static closed = 0
    predict(payload: unknown) {
      return payload
    }
    override async close() {
      await soon()
      Fine.closed += 1
    }
  }

  test('starting, ready, stopped', async () => {
    const engine = engineOf(Fine)
    expect(engine.state).toBe('starting')
    expect(() => engine.checkAdmission()).toThrow(expect.objectContaining({ code: 'starting' }))
    await expect(engine.health()).rejects.toMatchObject({ code: 'starting', headers: { 'Retry-After': '1' } })
    await engine.start()
    expect(engine.state).toBe('ready')
    await engine.close()
    expect(engine.state).toBe('stopped')
    expect(() => engine.predict(callOf(1))).toThrow(expect.objectContaining({ code: 'unavailable', status: 503 }))
  })

  test('close runs once, and whoever asks again waits for the same end', async () => {
    const engine = engineOf(Fine)
    Fine.closed = 0
    await engine.start()
    void engine.close()
    await engine.close()
    expect(Fine.closed).toBe(1)
  })

  test('a setup that fails after close leaves the engine stopped', async () => {
    class Failing extends BasePredictor {
      predict(payload: unknown) {
        return payload
      }
      override async setup() {
        await soon()
        throw new Error('too late')
      }
    }
    const engine = engineOf(Failing)
    const started = engine.start()
    await engine.close()
    await expect(started).rejects.toMatchObject({ code: 'setup_failed' })
    expect(engine.state).toBe('stopped')
  })
})
