import { describe, expect, test, vi } from 'vitest'
import { bearerAuth } from '../../../src/auth/strategies/bearer.ts'
import { readPreference } from '../../../src/faces/predictions/preference.ts'
import { BasePredictor } from '../../../src/predictor/base-predictor.ts'
import type { SignatureData } from '../../../src/signature/signature.ts'
import { calls, SIGNATURE, serveJobs, Worker } from './_jobs.ts'

test.each<[string | null, boolean, number | undefined, string | undefined]>([
  [null, false, undefined, undefined],
  ['respond-async', true, undefined, 'respond-async'],
  ['Respond-Async , wait = 10', true, 10, 'respond-async, wait=10'],
  ['wait="5"', false, 5, 'wait=5'],
  ['wait=600', false, 50, 'wait=50'],
  ['handling=lenient; wait=5, respond-async; foo', true, undefined, 'respond-async'],
  ['respond-asynchronously, await=5, wait=soon, wait', false, undefined, undefined],
])('the preference %j', (prefer, isAsync, wait, applied) => {
  const expected = applied === undefined ? {} : { 'Preference-Applied': applied }
  expect(readPreference(prefer)).toEqual({ isAsync, wait, applied: expected })
})

describe('a call of /predict whose caller prefers an answer at once', () => {
  test.each(['/predict', '/models/words/predict'])('is a job: %s', async path => {
    const { ask } = await serveJobs(Worker, { modelInfo: { name: 'words', version: 'v1' } })
    const taken = await ask('POST', path, { prefer: 'respond-async', body: { count: 2 } })
    expect(taken).toMatchObject({ status: 202, body: { model: 'words:v1', version: 'v1', input: { count: 2 } } })
    expect(taken.headers.get('location')).toBe(`/predictions/${taken.body.id}`)
    expect(taken.headers.get('preference-applied')).toBe('respond-async')
    expect(taken.headers.get('x-request-id')).toMatch(/./)
    const ended = await ask('GET', `${taken.headers.get('location')}?wait=30`)
    expect(ended.body).toMatchObject({ status: 'succeeded', output: [1, 2] })
  })

  test.each<[string, object, number, string, unknown]>([
    ['a text', {}, 200, 'text/plain; charset=utf-8', 'ok'],
    ['a stream', { count: 2 }, 200, 'text/event-stream', 'data: 1\n\ndata: 2\n\n'],
    ['bytes', { bytes: 3 }, 200, 'application/octet-stream', '\0\0\0'],
    [
      'an error',
      { fail: true },
      500,
      'application/problem+json',
      { code: 'internal', title: 'Internal server error', status: 500 },
    ],
    ['an exception', { fail: 404 }, 404, 'application/problem+json', { code: 'http_404', detail: 'as wished' }],
  ])('and that waits long enough has the answer of a call: %s', async (_name, body, status, contentType, expected) => {
    const { ask } = await serveJobs()
    const later = await ask('POST', '/predict', { prefer: 'respond-async, wait=30', body })
    expect(later.status).toBe(status)
    expect(later.headers.get('content-type')).toBe(contentType)
    expect(later.headers.get('location')).toMatch(/^\/predictions\/[a-z2-7]{26}$/)
    expect(later.headers.get('preference-applied')).toBe('respond-async, wait=30')
    if (typeof expected === 'object') expect(later.body).toMatchObject(expected as object)
    else expect(later.body).toBe(expected)
    const now = await ask('POST', '/predict', { body })
    const isProblem = status !== 200
    expect([now.status, now.headers.get('content-type')]).toEqual([status, contentType])
    expect(isProblem ? { ...now.body, requestId: later.body.requestId, detail: later.body.detail } : now.body).toEqual(
      later.body,
    )
  })

  test('has its items as lines where Accept names them', async () => {
    const { ask } = await serveJobs()
    const accept = 'application/x-ndjson'
    expect((await ask('POST', '/predict', { accept, prefer: 'wait=30', body: { count: 2 } })).body).toBe('1\n2\n')
  })

  test('and that does not wait long enough has the job, which goes on; one that was canceled is a 409', async () => {
    const { ask } = await serveJobs()
    const taken = await ask('POST', '/predict', { prefer: 'wait=1', body: { hold: true } })
    expect(taken).toMatchObject({ status: 202, body: { status: 'processing' } })
    const key = { 'idempotency-key': '"same"', prefer: 'wait=30', body: { hold: true } }
    const waiting = ask('POST', '/predict', key)
    await vi.waitFor(async () => expect((await ask('GET', '/predictions/same')).status).toBe(200), { timeout: 10_000 })
    await ask('POST', '/predictions/same/cancel')
    expect(await waiting).toMatchObject({ status: 409, body: { code: 'http_409', detail: 'The job was canceled.' } })
    await ask('POST', `${taken.headers.get('location')}/cancel`)
  })

  test('and that is sent again under its Idempotency-Key runs once', async () => {
    const { ask } = await serveJobs()
    calls.begun = 0
    const send = (key: string, body: object) =>
      ask('POST', '/predict', { prefer: 'wait=30', 'idempotency-key': key, body })
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('again', { count: 1 })))
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['data: 1\n\n']))
    expect(calls.begun).toBe(1)
    expect(await send('again', { count: 2 })).toMatchObject({ status: 409, body: { code: 'id_reused' } })
    expect(await send('no key', {})).toMatchObject({ status: 400, body: { code: 'bad_request' } })
  })

  test('is refused where a call is refused, in the same words', async () => {
    class Guarded extends Worker {}
    bearerAuth({ tokens: ['the-only-token-of-this-test'] })(Guarded)
    const { url, ask } = await serveJobs(Guarded, { maxBodySize: 100 })
    const authorization = 'Bearer the-only-token-of-this-test'
    const bodies: readonly [string, Record<string, string>, string][] = [
      ['no credentials', { authorization: '' }, '{}'],
      ['wrong credentials', { authorization: 'Bearer another-token-of-no-test' }, '{}'],
      ['no JSON', {}, '{'],
      ['no body', {}, ''],
      ['another content type', { 'content-type': 'text/plain' }, 'a'],
      ['an encoding', { 'content-encoding': 'gzip' }, '{}'],
      ['a payload that does not match', {}, '{"count":"a"}'],
      ['a body that is too large', {}, `{"hold":"${'a'.repeat(200)}"}`],
    ]
    for (const [name, given, body] of bodies) {
      const send = async (prefer: Record<string, string>) => {
        const headers = {
          authorization,
          'content-type': 'application/json',
          'x-request-id': 'same',
          ...given,
          ...prefer,
        }
        const response = await fetch(`${url}/predict`, { method: 'POST', headers, body })
        return { status: response.status, problem: await response.json() }
      }
      const refused = await send({ prefer: 'respond-async' })
      expect(refused.status, name).toBeGreaterThanOrEqual(400)
      expect(refused, name).toEqual(await send({}))
    }
    expect((await ask('GET', '/predictions', { authorization })).body.results).toEqual([])
  })

  test('is a call as any other where the server has no jobs', async () => {
    const { ask } = await serveJobs(Worker, { protocols: ['none'] })
    const { status, headers, body } = await ask('POST', '/predict', { prefer: 'respond-async', body: {} })
    expect([status, body, headers.get('preference-applied'), headers.get('location')]).toEqual([200, 'ok', null, null])
  })

  test('may have a text as its payload, or none', async () => {
    class Speaker extends BasePredictor {
      predict(text?: string): string {
        return `said ${text}`
      }
    }
    const parameters = [{ name: 'text', role: 'text', schema: { type: 'string' }, optional: true }] as const
    const signature: SignatureData = { ...SIGNATURE, className: 'Speaker', parameters }
    const { url } = await serveJobs(Speaker, { signature })
    const send = async (body: string, contentType: string) => {
      const headers = { prefer: 'wait=30', 'content-type': contentType }
      return (await fetch(`${url}/predict`, { method: 'POST', headers, body })).text()
    }
    expect(await send('plain', 'text/plain')).toBe('said plain')
    expect(await send('"json"', 'application/json')).toBe('said json')
    expect(await send('', 'text/plain')).toBe('said undefined')
  })
})
