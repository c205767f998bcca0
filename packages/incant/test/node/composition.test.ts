import { describe, expect, onTestFinished, test } from 'vitest'
import { CallGraph } from '../../src/app/models/call-graph.ts'
import { bearerAuth } from '../../src/auth/strategies/bearer.ts'
import type { ModelsServer } from '../../src/node/models-server.ts'
import type { ModelsToServe, ModelToServe, ServeModelsInternals } from '../../src/node/read-models.ts'
import { serveModels } from '../../src/node/serve-models.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import { takes } from '../../src/signature/decorators.ts'
import type { SignatureData } from '../../src/signature/signature.ts'
import { gate, turns } from '../app/_serving.ts'
import { MAIN } from '../replica/_replicas.ts'
import { Echo, rememberingLogger } from './_served.ts'

const MODULE = new URL('../replica/fixtures/composing.js', import.meta.url)
// The fixture exports predictors, and the signatures of some.
const FIXTURE = (await import(MODULE.href)) as Record<string, PredictorClass> & {
  readonly SIGNATURES: Record<string, SignatureData>
}

const CLASSES: Readonly<Record<string, string>> = {
  words: 'Words',
  bytes: 'Bytes',
  raw: 'Raw',
  stream: 'Spelling',
  form: 'Entries',
  fields: 'Fields',
  relay: 'Relay',
  slow: 'Slow',
  asking: 'Asking',
  back: 'Asking',
  third: 'Asking',
}

/** Where the models run. */
type Place = 'this process' | 'replicas'

function modelOf(name: string, place: Place, own: Partial<ModelToServe> = {}): ModelToServe {
  const exportName = CLASSES[name] ?? ''
  const predictor = FIXTURE[exportName]
  const signature = FIXTURE.SIGNATURES[name]
  if (predictor === undefined || signature === undefined) throw new Error(`no fixture ${name}`)
  // The command's own member of a source.
  const source = { module: MODULE, exportName, main: MAIN }
  return { predictor, signature, ...(place === 'replicas' ? { source } : { workers: 0 }), ...own }
}

async function served(models: ModelsToServe, options: ServeModelsInternals = {}): Promise<ModelsServer> {
  const { logger } = rememberingLogger()
  const server = await serveModels(models, { port: 0, logger, gracePeriod: 0, ...options })
  onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
  await server.ready
  return server
}

async function ask(
  { url }: Pick<ModelsServer, 'url'>,
  payload: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${url}/models/asking/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(payload),
  })
  return { status: response.status, json: await response.json() }
}

describe.each<Place>(['this process', 'replicas'])('in %s', place => {
  const tags = place === 'replicas' ? ['slow'] : []
  const together = (...names: readonly string[]): ModelsToServe =>
    Object.fromEntries(['asking', ...names].map(name => [name, modelOf(name, place)]))

  test('a model gives another one what its predict returns, as data', {
    tags: place === 'replicas' ? ['slow'] : [],
  }, async () => {
    const server = await served(together('words', 'bytes', 'raw'))
    const headers = { 'x-request-id': 'the-first' }
    const { json } = await ask(server, { model: 'words', payload: { text: 'a b c' } }, headers)
    expect(json).toMatchObject({
      answer: { words: 3, when: '1970-01-01T00:00:00.000Z', requestId: 'the-first', name: 'words' },
    })
    expect((await ask(server, { model: 'bytes', bytes: [1, 2] })).json).toEqual({
      answer: [1, 2],
      kind: 'Float32Array',
    })
    expect((await ask(server, { model: 'raw', bytes: [1, 2, 3] })).json).toMatchObject({
      answer: { type: 'application/octet-stream', size: 3 },
    })
  })

  test('items of a stream come one by one, and the stream can be left', {
    tags: place === 'replicas' ? ['slow'] : [],
  }, async () => {
    const server = await served(together('stream'))
    const all = await ask(server, { model: 'stream', payload: 'abc' })
    expect(all.json).toEqual({ items: [{ letter: 'a' }, { letter: 'b' }, { letter: 'c' }] })
    expect((await ask(server, { model: 'stream', payload: 'abc', take: 1 })).json).toEqual({ items: [{ letter: 'a' }] })
    const failed = await ask(server, { model: 'stream', payload: 'a!', tolerant: true })
    expect(failed.json).toEqual({ error: 'no exclamation' })
    await expect.poll(() => leftOf(server, 'stream')).toBe(3)
  })

  test('a payload is validated, and a wrong one is the fault of the model that made it', {
    tags: place === 'replicas' ? ['slow'] : [],
  }, async () => {
    const server = await served(together('words'))
    const wrong = { model: 'words', payload: { text: 1 } }
    expect((await ask(server, wrong)).status).toBe(500)
    expect((await ask(server, { ...wrong, tolerant: true })).json).toEqual({
      error: 'the model words refused its payload: invalid_payload; #/text must be a string',
    })
    const none = await ask(server, { model: 'none', tolerant: true })
    expect(none.json).toEqual({ error: 'there is no model none: the server has asking, words' })
  })

  // The large one goes to the replica as it is, and is read there.
  test.for([10, 3_000_000])(
    'a form with a file of %i bytes, sent by a model or by a caller',
    {
      tags: place === 'replicas' ? ['slow'] : [],
    },
    async size => {
      const server = await served(together('form', 'fields'))
      const entries = [
        ['count', '2'],
        ['file', size],
      ]
      const fields = { count: 2, file: ['a.bin', size] }
      const form = { count: 2, size }
      expect((await ask(server, { model: 'form', form })).json).toMatchObject({ answer: entries })
      expect((await ask(server, { model: 'fields', form })).json).toMatchObject({ answer: fields })
      const wrong = { model: 'fields', form: { count: 0, size }, tolerant: true }
      expect((await ask(server, wrong)).json).toEqual({
        error: 'the model fields refused its payload: invalid_payload; #/count must be at least 1',
      })
      const body = new FormData()
      body.set('count', '2')
      body.set('file', new File([new Uint8Array(size)], 'a.bin'))
      const post = async (name: string) =>
        (await fetch(`${server.url}/models/${name}/predict`, { method: 'POST', body })).json()
      expect(await post('form')).toEqual(entries)
      expect(await post('fields')).toEqual(fields)
      body.set('count', '0')
      expect(await post('fields')).toMatchObject({ status: 422, errors: [{ pointer: '#/count' }] })
    },
  )

  test('who calls, and until when, is as in the first call', {
    tags: place === 'replicas' ? ['slow'] : [],
  }, async () => {
    class Guarded extends (FIXTURE['Asking'] ?? Object) {}
    bearerAuth({ tokens: ['token-of-the-first-caller'] })(Guarded)
    const server = await served({
      asking: { ...modelOf('asking', place), predictor: Guarded as PredictorClass },
      words: modelOf('words', place),
    })
    const headers = { authorization: 'Bearer token-of-the-first-caller' }
    const direct = await fetch(`${server.url}/models/words/predict`, { method: 'POST', body: '{"text":"a"}' })
    const { caller: nobody } = Object(await direct.json())
    const { json } = await ask(server, { model: 'words', payload: { text: 'a' } }, headers)
    expect(nobody).toBeUndefined()
    expect(Object(json).answer.caller).toMatch(/./)
  })

  test('the deadline of the first call ends all, with one status', {
    tags: place === 'replicas' ? ['slow'] : [],
  }, async () => {
    const server = await served(together('slow'), { requestTimeout: 300 })
    const { status, json } = await ask(server, { model: 'slow' })
    expect([status, Object(json).code]).toEqual([504, 'deadline_exceeded'])
    await expect.poll(() => leftOf(server, 'slow')).toBe(1)
  })

  test('who leaves the first call leaves those that it made', {
    tags: place === 'replicas' ? ['slow'] : [],
  }, async () => {
    const server = await served(together('slow'))
    const leaving = new AbortController()
    const body = JSON.stringify({ model: 'slow' })
    const headers = { 'content-type': 'application/json' }
    const sent = { method: 'POST', headers, body, signal: leaving.signal }
    const left = fetch(`${server.url}/models/asking/predict`, sent).catch(() => 'left')
    await expect.poll(() => callsInFlight(server, 'slow')).toBe(1)
    leaving.abort()
    expect(await left).toBe('left')
    await expect.poll(() => leftOf(server, 'slow')).toBe(1)
    await expect.poll(() => callsInFlight(server, 'slow')).toBe(0)
  })

  test('a full queue is passed on', { tags }, async () => {
    const server = await served({
      asking: modelOf('asking', place),
      slow: modelOf('slow', place, { concurrency: 1, queue: 0, requestTimeout: 1000 }),
    })
    const [first, second] = await Promise.all([ask(server, { model: 'slow' }), ask(server, { model: 'slow' })])
    expect([first.status, second.status].sort()).toEqual([503, 504])
  })

  test('a circle fails at once, from whichever model it is closed', {
    tags: place === 'replicas' ? ['slow'] : [],
  }, async () => {
    const one = {
      asking: modelOf('asking', place, { concurrency: 1 }),
      back: modelOf('back', place, { concurrency: 1 }),
    }
    const server = await served(one)
    const circle = { model: 'back', payload: { model: 'asking', payload: { model: 'back' } }, tolerant: true }
    expect((await ask(server, circle)).status).toBe(200)
    const self = await ask(server, { model: 'asking', payload: { model: 'asking' }, tolerant: true })
    expect(Object(self.json).error).toBe(
      'models call each other in a circle, and could wait for each other: asking → asking',
    )
  })

  test('a circle closed by a stream fails at once, after the items that came before it', { tags }, async () => {
    const server = await served({ ...together('stream'), relay: modelOf('relay', place, { concurrency: 1 }) })
    const relayed = { model: 'relay', payload: { model: 'stream', payload: 'a' } }
    expect((await ask(server, relayed)).json).toEqual({ items: ['begun', { letter: 'a' }] })
    const circle = { model: 'relay', payload: { model: 'asking', payload: {} }, tolerant: true }
    expect((await ask(server, circle)).json).toEqual({
      error: 'models call each other in a circle, and could wait for each other: relay → asking → relay',
    })
    const response = await fetch(`${server.url}/models/relay/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ model: 'relay', payload: { model: 'stream', payload: 'a' } }),
    })
    expect(await readToBreak(response)).toMatch(/^data: "begun"\n\nevent: error\ndata: \{.*"status":500/)
  })

  test('models that call each other under load answer every call, however full their queues are', {
    tags: place === 'replicas' ? ['slow'] : [],
  }, async () => {
    const names = ['asking', 'back', 'third']
    const small = { concurrency: 1, queue: 4 }
    const circular = names.map(name => [name, modelOf(name, place, small)] as const)
    const server = await served({ ...Object.fromEntries(circular), words: modelOf('words', place) })
    const payload = { model: 'words', payload: { text: 'a b' } }
    const call = async (from: string, to: string): Promise<number> => {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: to, payload }),
      }
      return (await fetch(`${server.url}/models/${from}/predict`, init)).status
    }
    // The first call between two models decides which direction is the circle.
    const calls = Array.from({ length: 20 }, () => [
      ...[call('asking', 'back'), call('back', 'third'), call('third', 'asking')],
      ...[call('back', 'asking'), call('third', 'third')],
    ])
    const statuses = await Promise.all(calls.flat())
    expect(statuses.filter(status => ![200, 500, 503].includes(status))).toEqual([])
    expect(statuses).toEqual(expect.arrayContaining([200, 500]))
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
  })
})

/** What came of an answer that breaks off. */
async function readToBreak({ body }: Response): Promise<string> {
  let text = ''
  const read = async (): Promise<void> => {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk
  }
  await expect(read()).rejects.toThrow('terminated')
  return text
}

/** How many calls were left, as the fixtures count them. */
async function leftOf({ url }: ModelsServer, model: string): Promise<unknown> {
  return Object(await (await fetch(`${url}/models/${model}/health`)).json()).left
}

async function callsInFlight({ url }: ModelsServer, model: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^incant_calls_in_flight\\{model="${model}"\\} (\\d+)$`, 'm').exec(text)?.[1])
}

test('a call that began before the server stops may still call others', async () => {
  const { opened, open } = gate()
  const begun = gate()
  class Late extends BasePredictor {
    @takes('payload', 'context')
    async predict(_payload: unknown, { models }: PredictContext): Promise<unknown> {
      begun.open()
      await opened
      return models.get('echo').predict('x')
    }
  }
  const server = await served({ late: Late, echo: Echo }, { gracePeriod: '20s' })
  const answer = fetch(`${server.url}/models/late/predict`, { method: 'POST', body: '1' })
  await begun.opened
  const closed = server.close()
  await turns()
  open()
  expect(await (await answer).json()).toEqual({ got: 'x' })
  expect(await closed).toEqual({ cut: 0 })
})

describe('which model may call which', () => {
  test('a circle is refused whoever closes it, and forgotten with the code that made it', () => {
    const graph = new CallGraph()
    graph.add('a', 'b')
    graph.add('b', 'c')
    graph.add('a', 'b')
    graph.add('a', 'c')
    expect(() => graph.add('c', 'a')).toThrow('circle, and could wait for each other: c → a → b → c')
    expect(() => graph.add('a', 'a')).toThrow('a → a')
    graph.forget('b')
    graph.forget('a')
    expect(() => graph.add('c', 'a')).not.toThrow()
  })
})
