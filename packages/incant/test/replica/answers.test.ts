// @module-tag slow
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Cancellation } from '../../src/engine/cancellation.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import { NotSerializableError } from '../../src/http/not-serializable.ts'
import type { DataForm, PredictAnswer, PredictItems } from '../../src/http/predict-io.ts'
import { signatureOf } from '../app/_serving.ts'
import { NOTHING, type ServedReplicas, serveReplicas } from './_replicas.ts'

const signature = signatureOf({ role: 'payload' })

interface Asked {
  readonly answer: DataForm
  readonly cancellation?: Cancellation
}

/** Calls predict as what writes the answer itself does. */
async function call(
  { engine }: ServedReplicas,
  body: unknown,
  { answer, cancellation }: Asked,
): Promise<PredictAnswer> {
  return engine.predict({
    id: 'id',
    input: { body },
    deadline: performance.now() + 60_000,
    cancellation: cancellation ?? new Cancellation(),
    streamFormat: 'event-stream',
    client: { address: undefined },
    principal: undefined,
    defer: () => {},
    answer,
  })
}

async function itemsOf(served: ServedReplicas, body: unknown, cancellation?: Cancellation): Promise<PredictItems> {
  const answer = await call(served, body, { answer: 'items', ...(cancellation && { cancellation }) })
  if (!('kind' in answer) || answer.kind !== 'items') throw new Error('no items came')
  return answer
}

/** The items, each the JSON of one chunk, and how they end. */
async function readAll({ body }: PredictItems): Promise<{ items: string[]; failure?: unknown }> {
  const items: string[] = []
  try {
    for await (const chunk of body) items.push(new TextDecoder().decode(chunk))
    return { items }
  } catch (failure) {
    return { items, failure }
  }
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
}

function makeNote(): string {
  const folder = mkdtempSync(join(tmpdir(), 'incant-answers-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'note')
}

describe.each([
  ['default', 0],
  ['default', 1],
  ['AnsweringLater', 0],
])('the answers of %s with --workers %i', (exportName, workers) => {
  const open = () => serveReplicas('answering.js', { signature, workers, exportName })

  it('are values where the value is none that streams, whatever was asked for', async () => {
    const served = await open()
    for (const answer of ['value', 'items'] as const) {
      expect(await call(served, { kind: 'object' }, { answer })).toEqual({
        kind: 'value',
        value: {
          text: 'hällo',
          when: '1970-01-01T00:00:00.000Z',
          large: '18446744073709551616',
          nested: { list: [1, null] },
        },
      })
      expect(await call(served, { kind: 'text' }, { answer })).toEqual({ kind: 'value', value: 'plain' })
      expect(await call(served, { kind: 'nothing' }, { answer })).toEqual({ kind: 'value', value: null })
      const numbers = Array.from({ length: 1000 }, (_, index) => index / 3)
      const long = { kind: 'value', value: { text: 'x'.repeat(100_000), numbers } }
      expect(await call(served, { kind: 'long' }, { answer })).toEqual(long)
    }
  })

  it('keep typed arrays as they are', async () => {
    const served = await open()
    expect(await call(served, { kind: 'views' }, { answer: 'value' })).toEqual({
      kind: 'value',
      value: {
        floats: Float32Array.of(0.5, Number.NaN),
        bytes: Uint8Array.of(1, 2),
        longs: BigInt64Array.of(-1n),
      },
    })
    const floats = { kind: 'value', value: Float32Array.of(1, 2) }
    expect(await call(served, { kind: 'floats' }, { answer: 'items' })).toEqual(floats)
  })

  it('are bytes with their type, where bytes are the whole of it', async () => {
    const served = await open()
    const contentType = 'application/octet-stream'
    for (const answer of ['value', 'items'] as const) {
      for (const kind of ['bytes', 'buffer']) {
        const { body, ...rest } = (await call(served, { kind }, { answer })) as { body: Uint8Array }
        expect(rest).toEqual({ contentType })
        expect([...body]).toEqual([7, 8, 9])
      }
      const blob = (await call(served, { kind: 'blob' }, { answer })) as { contentType: string; body: ReadableStream }
      expect(blob.contentType).toBe('image/png')
      expect(await new Response(blob.body).text()).toBe('pixels')
      const stream = (await call(served, { kind: 'byteStream' }, { answer })) as { body: ReadableStream }
      expect(await new Response(stream.body).text()).toBe('streamed')
    }
  })

  it("are predict's own Response as it is", async () => {
    const served = await open()
    const response = await call(served, { kind: 'response' }, { answer: 'value' })
    if (!(response instanceof Response)) throw new Error('no response came')
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      201,
      'text/vtt',
      'own',
    ])
  })

  it('refuse what JSON cannot carry, and name the place', async () => {
    const served = await open()
    const map = await failureOf(call(served, { kind: 'map' }, { answer: 'value' }))
    expect(map).toBeInstanceOf(NotSerializableError)
    expect(map).toMatchObject({ path: '$.deep[0]' })
    const infinite = await failureOf(call(served, { kind: 'infinite' }, { answer: 'value' }))
    expect(infinite).toMatchObject({ path: '$.score' })
    const thrown = await failureOf(call(served, { kind: 'throws' }, { answer: 'items' }))
    expect(thrown).toMatchObject({ name: 'TypeError', message: 'the weights are gone' })
  })

  it('are the items of a stream, each as JSON, and what its generator returns', async () => {
    const served = await open()
    const answer = await itemsOf(served, { kind: 'items' })
    expect(await readAll(answer)).toEqual({ items: [0, 1, 2].map(index => `{"index":${index},"text":"ä"}`) })
    expect(await answer.returned).toEqual({ finish_reason: 'stop', tokens: 3 })
    const empty = await itemsOf(served, { kind: 'empty' })
    expect(await readAll(empty)).toEqual({ items: [] })
    expect(await empty.returned).toEqual({ finish_reason: 'stop', tokens: 0 })
    const tensor = await itemsOf(served, { kind: 'tensor' })
    expect(await readAll(tensor)).toEqual({ items: ['[0.5]'] })
    expect(await tensor.returned).toEqual({ logits: Float32Array.of(1.5, 2.5) })
  })

  it('gather a stream where one value was asked for', async () => {
    const served = await open()
    expect(await call(served, { kind: 'items' }, { answer: 'value' })).toEqual({
      kind: 'value',
      value: [0, 1, 2].map(index => ({ index, text: 'ä' })),
      returned: { finish_reason: 'stop', tokens: 3 },
    })
    expect(await call(served, { kind: 'tensor' }, { answer: 'value' })).toEqual({
      kind: 'value',
      value: [Float32Array.of(0.5)],
      returned: { logits: Float32Array.of(1.5, 2.5) },
    })
    const failure = await failureOf(call(served, { kind: 'middle' }, { answer: 'value' }))
    expect(failure).toMatchObject({ name: 'TypeError', message: 'the weights are gone' })
  })

  it('fail as a whole where the first item does, and after the items that came where a later one does', async () => {
    const served = await open()
    const failure = { name: 'TypeError', message: 'the weights are gone' }
    expect(await failureOf(call(served, { kind: 'first' }, { answer: 'items' }))).toMatchObject(failure)
    const middle = await itemsOf(served, { kind: 'middle' })
    expect(await readAll(middle)).toMatchObject({
      items: ['{"index":0,"text":"ä"}', '{"index":1,"text":"ä"}'],
      failure,
    })
    expect(await failureOf(middle.returned)).toMatchObject(failure)
    const badItem = await itemsOf(served, { kind: 'badItem' })
    expect(await readAll(badItem)).toMatchObject({ items: ['"fine"'], failure: { path: '$' } })
    const badReturn = await itemsOf(served, { kind: 'badReturn' })
    expect(await readAll(badReturn)).toMatchObject({ items: ['1'], failure: { path: '$' } })
    expect(await failureOf(badReturn.returned)).toBeInstanceOf(NotSerializableError)
  })

  it('stop the generator of a reader that leaves, which is never far ahead of it', async () => {
    const served = await open()
    const note = makeNote()
    const { body, returned } = await itemsOf(served, { kind: 'endless', note })
    const reader = body.getReader()
    for (let read = 0; read < 3; read += 1) expect((await reader.read()).done).toBe(false)
    await reader.cancel()
    await expect.poll(() => existsSync(note)).toBe(true)
    // 64 KiB on the way, in items of a kilobyte, and as much again where the reader had taken some.
    expect(Number(readFileSync(note, 'utf8'))).toBeLessThan(140)
    expect(await failureOf(returned)).toMatchObject({ message: 'the items were left before their end' })
    await expect.poll(() => served.engine.load).toEqual(NOTHING)
  })

  it.each(['items', 'value'] as const)('end with the reason of a cancellation, as %s', async answer => {
    const served = await open()
    const note = makeNote()
    const cancellation = new Cancellation()
    const reason = new RequestError('deadline_exceeded')
    const pending = call(served, { kind: 'endless', note }, { answer, cancellation })
    await expect.poll(() => existsSync(`${note}.begun`)).toBe(true)
    if (answer === 'items') await pending
    cancellation.cancel(reason)
    if (answer === 'value') expect(await failureOf(pending)).toMatchObject({ code: 'deadline_exceeded' })
    else expect((await readAll((await pending) as PredictItems)).failure).toMatchObject({ code: 'deadline_exceeded' })
    await expect.poll(() => existsSync(note)).toBe(true)
    await expect.poll(() => served.engine.load).toEqual(NOTHING)
  })
})

it('fail with the replica that has them', async () => {
  const served = await serveReplicas('answering.js', { signature, workers: 1 })
  const answer = await itemsOf(served, { kind: 'exits' })
  const { items, failure } = await readAll(answer)
  expect(items).toEqual(['1'])
  expect(failure).toBeInstanceOf(Error)
  expect(await failureOf(answer.returned)).toBe(failure)
})

it.each([0, 1])('are values of a batch that was computed together, with --workers %i', async workers => {
  const served = await serveReplicas('answering.js', { signature, workers, exportName: 'AnsweringTogether' })
  const texts = ['a', 'bb', 'ccc']
  const answers = await Promise.all(texts.map(text => call(served, { text }, { answer: 'value' })))
  expect(answers).toEqual(
    texts.map(text => ({ kind: 'value', value: { text, together: 3, vector: Float32Array.of(text.length) } })),
  )
})

it.each([0, 1])('count their items, with --workers %i', async workers => {
  const { server, engine, ...rest } = await serveReplicas('answering.js', { signature, workers })
  const served = { server, engine, ...rest }
  const scrape = async () => (await fetch(`${server.url}/metrics`)).text()
  await call(served, { kind: 'items' }, { answer: 'value' })
  await readAll(await itemsOf(served, { kind: 'items' }))
  await expect.poll(scrape).toMatch(/^incant_stream_items_total 6$/m)
})
