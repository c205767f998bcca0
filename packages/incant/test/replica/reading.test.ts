// @module-tag slow
import { describe, expect, onTestFinished, test } from 'vitest'
import { Cancellation } from '../../src/engine/cancellation.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import { type DocumentReaderOptions, PackedDocument, type ReadDocument } from '../../src/http/document-reader.ts'
import { ReadingThread } from '../../src/replica/reading/reading-thread.ts'
import { unpackValue } from '../../src/replica/wire/packed-value.ts'
import { numberArraySchema } from '../../src/schema/number-arrays.ts'
import type { ParameterSignature } from '../../src/signature/signature.ts'
import { signatureOf } from '../app/_serving.ts'
import { type ServedReplicas, serveReplicas } from './_replicas.ts'

/** The thread runs the package as it is built. */
const MAIN = new URL('../../dist/reading-thread-worker.js', import.meta.url)

const schema = {
  type: 'object',
  properties: {
    numbers: { type: 'array', items: { type: 'number' } },
    at: { type: 'string', format: 'date-time', 'x-incant-type': 'Date' },
    count: { type: 'string', 'x-incant-type': 'bigint' },
    bytes: { type: 'string', contentEncoding: 'base64', 'x-incant-type': 'Uint8Array' },
    filler: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' }, default: ['none'] },
  },
} as const

/** More than what is read on the loop. */
const FILLER = 'é'.repeat(100_000)

function serveReading(exportName: string, parameter: Partial<ParameterSignature>): Promise<ServedReplicas> {
  return serveReplicas('reading.js', {
    signature: signatureOf(parameter),
    exportName,
    documentReader: options => new ReadingThread(options, MAIN),
  })
}

async function post(
  { server }: ServedReplicas,
  body: string | Uint8Array<ArrayBuffer>,
  type = 'application/json',
): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${server.url}/predict`, { method: 'POST', body, headers: { 'content-type': type } })
  const answer: unknown = await response.json()
  return { status: response.status, answer }
}

describe('a large body comes out as a small one does', () => {
  const small = {
    numbers: [1, -0, 2.5],
    at: '2024-01-31T12:00:00Z',
    count: '12345678901234567890',
    bytes: 'AP8=',
    extra: 1,
  }
  const digest = {
    sum: 3.5,
    zero: true,
    at: '2024-01-31T12:00:00.000Z',
    count: '12345678901234567890',
    bytes: [0, 255],
    tags: ['none'],
    extra: null,
  }
  /** `JSON.stringify` writes -0 as 0. */
  const write = (value: object): string => JSON.stringify(value).replace('[1,0,', '[1,-0,')

  test('decoded, filled in, without members that are not known', async () => {
    const served = await serveReading('Digest', { role: 'payload', schema })
    expect(await post(served, write(small))).toEqual({ status: 200, answer: { ...digest, filler: 0 } })
    const large = write({ ...small, filler: FILLER })
    expect(await post(served, large)).toEqual({ status: 200, answer: { ...digest, filler: FILLER.length } })
    const numbers = Array.from({ length: 50_000 }, (_, index) => index / 8)
    const sum = numbers.reduce((total, number) => total + number, 0)
    expect(await post(served, write({ numbers }))).toMatchObject({ status: 200, answer: { sum } })
  })

  test.each<[code: string, status: number, spoil: (body: string) => string | Uint8Array<ArrayBuffer>]>([
    ['invalid_payload', 422, body => body.replace('"2024-01-31T12:00:00Z"', '5')],
    ['invalid_json', 400, body => body.slice(0, -1)],
    ['invalid_utf8', 400, body => Buffer.concat([Buffer.from(body), Buffer.from([0xff])])],
    ['too_deep', 400, body => body.replace('[1,', `${'['.repeat(70)}${']'.repeat(70)},[1,`)],
    ['forbidden_key', 400, body => body.replace('"at"', '"__proto__"')],
    ['body_too_large', 413, body => body.replace('{', `{${'"a":1,'.repeat(100_001)}`)],
  ])('refused alike: %s', async (code, status, spoil) => {
    const served = await serveReading('Digest', { role: 'payload', schema })
    const answers = [write(small), write({ ...small, filler: FILLER })].map(body => post(served, spoil(body)))
    const [one, other] = await Promise.all(answers)
    expect(other).toMatchObject({ status, answer: { code } })
    const described = ({ answer }: { readonly answer: unknown }) => ({ ...Object(answer), requestId: '', detail: '' })
    expect(described(other ?? { answer: 0 })).toEqual(described(one ?? { answer: 1 }))
  })

  test('credentials in it are asked about before it is validated, and predict does not see them', async () => {
    const strict = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false } as const
    const served = await serveReading('Guarded', { role: 'payload', schema: strict })
    const large = (members: object): string => JSON.stringify({ a: FILLER, ...members })
    expect(await post(served, large({ auth: 'example-token' }))).toEqual({ status: 200, answer: ['a'] })
    expect(await post(served, large({ auth: 'example-token', b: 1 }))).toMatchObject({ status: 422 })
    expect(await post(served, large({ auth: 'wrong', b: 1 }))).toMatchObject({ status: 401 })
    expect(await post(served, large({ auth: 5 }))).toMatchObject({ status: 401 })
    expect(await post(served, JSON.stringify([FILLER]))).toMatchObject({ status: 401 })
  })

  test('a text, declared as JSON or not', async () => {
    const served = await serveReading('Text', { role: 'text', schema: { type: 'string', maxLength: 200_000 } })
    const answer = { length: FILLER.length, start: 'ééééé' }
    expect(await post(served, FILLER, 'text/plain')).toEqual({ status: 200, answer })
    expect(await post(served, JSON.stringify(FILLER))).toEqual({ status: 200, answer })
    expect(await post(served, JSON.stringify([FILLER]))).toMatchObject({ status: 422 })
    expect(await post(served, FILLER.repeat(3), 'text/plain')).toMatchObject({ status: 422 })
  })
})

describe('arrays of numbers', () => {
  const list = { type: 'array', items: { type: 'number' } } as const
  const arrays = {
    type: 'object',
    properties: {
      list,
      rows: { type: 'array', items: { type: 'array', items: list } },
      view: numberArraySchema('Float32Array'),
      whole: { type: 'array', items: { type: 'integer', maximum: 9 } },
      none: list,
      nullable: { anyOf: [list, { type: 'null' }] },
    },
    required: ['list'],
  } as const
  const fractions = (length: number): number[] => Array.from({ length }, (_, index) => index / 8)
  const value = (length: number) => ({
    list: fractions(length),
    rows: Array.from({ length: length / 4 }, () => [
      [0.5, 1],
      [2, -0.25],
    ]),
    view: fractions(length),
    whole: Array<number>(length).fill(7),
    none: [],
    nullable: fractions(length / 2),
  })
  const described = (length: number) => {
    const sum = (length * (length - 1)) / 16
    const half = length / 2
    return [
      ['list', 'Array', length, sum],
      ['rows', 'Array', length / 4, 'Array', 2, 'Array', 2, 1.5, 3.25, (3.25 * length) / 4],
      ['view', 'Float32Array', length, sum],
      ['whole', 'Array', length, 7 * length],
      ['none', 'Array', 0, 0],
      ['nullable', 'Array', half, (half * (half - 1)) / 16],
    ]
  }

  test.each([
    ['few: as they come', 16],
    ['more, read on the loop', 1200],
    ['many, read in the thread', 40_000],
  ])('%s', async (_what, length) => {
    const served = await serveReading('Arrays', { role: 'payload', schema: arrays })
    expect(await post(served, JSON.stringify(value(length)))).toEqual({ status: 200, answer: described(length) })
  })

  test.each<[what: string, spoil: (body: string) => string, errors: readonly object[]]>([
    ['a text', body => body.replace('[0,', '[0,"1",'), [{ pointer: '#/list/1', detail: 'must be a number' }]],
    ['null', body => body.replace('0.5,1]', '0.5,null]'), [{ pointer: '#/rows/0/0/1', detail: 'must be a number' }]],
    ['a number that is too large', body => body.replace('7,7]', '7,10]'), [{ detail: 'must be at most 9' }]],
    ['no finite number', body => body.replace('[0,', '[1e400,'), [{ detail: 'must be a finite number' }]],
    ['no float of 32 bits', body => body.replace('"view":[0,', '"view":[1e39,'), [{ pointer: '#/view/0' }]],
    ['a number', body => body.replace('"none":[]', '"none":5'), [{ pointer: '#/none', detail: 'must be an array' }]],
  ])('with %s among them are refused alike, wherever they are read', async (_what, spoil, errors) => {
    const served = await serveReading('Arrays', { role: 'payload', schema: arrays })
    const answers = await Promise.all(
      [16, 1200, 40_000].map(length => post(served, spoil(JSON.stringify(value(length))))),
    )
    for (const { status, answer } of answers) {
      expect(status).toBe(422)
      expect(answer).toMatchObject({ code: 'invalid_payload', errors })
    }
  })
})

test('what @input checks is checked in the replica, and refused as a small body is', async () => {
  const served = await serveReading('Own', { role: 'payload' })
  const send = (filler: string, top: unknown) => post(served, JSON.stringify({ filler, top }))
  for (const filler of ['', FILLER]) {
    expect(await send(filler, 3)).toEqual({ status: 200, answer: { top: 'top 3', filler: filler.length } })
    const errors = [{ pointer: '#/top', detail: 'must be a number' }]
    expect(await send(filler, 'x')).toMatchObject({ status: 422, answer: { code: 'invalid_payload', errors } })
  }
  expect(await post(served, `{"filler":"${FILLER}"`)).toMatchObject({ status: 400, answer: { code: 'invalid_json' } })
})

test('the fields of a large form, its files among them', async () => {
  const fields = {
    type: 'object',
    properties: {
      note: { type: 'string' },
      points: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
      file: { type: 'string', format: 'binary', 'x-incant-type': 'File' },
    },
    required: ['note', 'points'],
  } as const
  const served = await serveReading('Fields', { role: 'form', schema: fields })
  const send = async (points: string): Promise<unknown> => {
    const form = new FormData()
    form.set('note', FILLER)
    form.set('points', points)
    form.set('file', new File([new Uint8Array([0, 255]), FILLER], 'a.bin', { type: 'image/x' }))
    const response = await fetch(`${served.server.url}/predict`, { method: 'POST', body: form })
    return { status: response.status, answer: await response.json() }
  }
  const size = 2 + Buffer.byteLength(FILLER)
  const answer = { note: FILLER.length, points: [[1, 2], [3]], file: ['a.bin', 'image/x', size, 255] }
  expect(await send('[[1,2],[3]]')).toEqual({ status: 200, answer })
  expect(await send('[[1,2],["3"]]')).toMatchObject({ status: 422, answer: { errors: [{ pointer: '#/points/1/0' }] } })
})

describe('the thread', () => {
  const options: DocumentReaderOptions = {
    role: 'payload',
    schema: undefined,
    hasOwnSchema: false,
    definitions: {},
    limits: {
      ...{ maxJsonDepth: 64, maxJsonMembers: 100_000, maxJsonItems: 10_000_000, strictJson: false },
      ...{ maxFormParts: 1000, maxFormFields: 1000, maxPartHeaderSize: 16_384 },
    },
    credentials: [],
    queue: 2,
    timeout: 60_000,
  }

  function start(changed: Partial<DocumentReaderOptions> = {}): ReadingThread {
    const thread = new ReadingThread({ ...options, ...changed }, MAIN)
    onTestFinished(() => thread.close())
    return thread
  }

  const read = (thread: ReadingThread, text: string, cancellation = new Cancellation()): Promise<ReadDocument> =>
    thread.read(new Uint8Array(Buffer.from(text)), {
      contentType: 'application/json',
      onCancel: listener => cancellation.onCancel(listener),
    })

  const payloadOf = ({ outcome }: ReadDocument): unknown =>
    outcome instanceof PackedDocument ? unpackValue(outcome) : outcome

  test('reads bodies in the order in which they came', async () => {
    const thread = start()
    const order: unknown[] = []
    const bodies = [JSON.stringify(Array(100_000).fill('a')), '[1]', '[2]']
    await Promise.all(bodies.map(body => read(thread, body).then(document => order.push(payloadOf(document)))))
    expect(order.slice(1)).toEqual([[1], [2]])
  })

  test('has one more wait than it may, and refuses that one', async () => {
    const thread = start()
    const bodies = ['[1]', '[2]', '[3]', '[4]'].map(body => read(thread, body))
    await expect(bodies[3]).rejects.toMatchObject({ code: 'queue_full', headers: { 'Retry-After': '1' } })
    expect((await Promise.all(bodies.slice(0, 3))).map(payloadOf)).toEqual([[1], [2], [3]])
  })

  test('does not read what nobody waits for any more', async () => {
    const thread = start()
    const cancellation = new Cancellation()
    const first = read(thread, '[1]')
    const second = read(thread, '[2]', cancellation)
    const third = read(thread, '[3]')
    const reason = new RequestError('client_closed')
    cancellation.cancel(reason)
    await expect(second).rejects.toBe(reason)
    expect((await Promise.all([first, third])).map(payloadOf)).toEqual([[1], [3]])
  })

  test('is replaced when a body takes too long, and goes on with the next', async () => {
    // A pattern that no type may have: the thread would be busy for years.
    const schema = { type: 'string', pattern: '^(a+)+$' } as const
    const thread = start({ schema, timeout: 2000 })
    const slow = read(thread, JSON.stringify(`${'a'.repeat(60)}b`))
    const next = read(thread, '"aa"')
    await expect(slow).rejects.toMatchObject({ code: 'deadline_exceeded' })
    expect(payloadOf(await next)).toBe('aa')
  }, 30_000)

  test('is ended with what waits for it', async () => {
    const thread = start()
    const bodies = ['[1]', '[2]'].map(body => read(thread, body))
    const settled = Promise.allSettled(bodies)
    await thread.close()
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
