import { describe, expect, test } from 'vitest'
import { form as formOf, json } from '../../src/client/index.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { testPredictor } from '../../src/testing/test-predictor.ts'
import { signatureOf } from '../app/_serving.ts'

class Echo extends BasePredictor {
  static closed = 0
  async predict(request: Request): Promise<unknown> {
    return {
      type: request.headers.get('content-type')?.replace(/boundary=.*/, 'boundary'),
      mine: request.headers.get('x-mine'),
      text: await request.text(),
    }
  }
  override close(): void {
    Echo.closed += 1
  }
}

const signature = signatureOf({ role: 'request' })

describe('predict posts', () => {
  test.each<[string, unknown, string | undefined, string]>([
    ['an object as JSON', { a: 1 }, 'application/json', '{"a":1}'],
    ['null as JSON', null, 'application/json', 'null'],
    [
      'values that JSON has no form for',
      { a: 1n, b: new Float32Array([0.5]) },
      'application/json',
      '{"a":"1","b":[0.5]}',
    ],
    ['a string as JSON', json('a'), 'application/json', '"a"'],
    ['a string as it is', 'a', 'text/plain;charset=UTF-8', 'a'],
    ['bytes', new Uint8Array([97]), undefined, 'a'],
    ['an ArrayBuffer', new Uint8Array([97]).buffer, undefined, 'a'],
    ['a blob', new Blob(['a'], { type: 'x/y' }), 'x/y', 'a'],
    ['a stream', new Blob(['a']).stream(), undefined, 'a'],
    ['a query', new URLSearchParams({ a: '1' }), 'application/x-www-form-urlencoded;charset=UTF-8', 'a=1'],
    ['nothing', undefined, undefined, ''],
  ])('%s', async (_name, body, type, text) => {
    await using predictor = await testPredictor(Echo, { signature })
    const response = await predictor.predict(body, { headers: { 'x-mine': 'yes' } })
    expect(await response.json()).toEqual({ ...(type === undefined ? {} : { type }), mine: 'yes', text })
  })

  test('a form', async () => {
    await using predictor = await testPredictor(Echo, { signature })
    const form = new FormData()
    form.set('a', '1')
    for (const body of [form, formOf({ a: 1 })])
      expect(await (await predictor.predict(body)).json()).toMatchObject({ type: 'multipart/form-data; boundary' })
  })

  test('with the headers of the person in place of its own', async () => {
    await using predictor = await testPredictor(Echo, { signature })
    const response = await predictor.predict({ a: 1 }, { headers: { 'Content-Type': 'x/y' } })
    expect(await response.json()).toMatchObject({ type: 'x/y', text: '{"a":1}' })
  })
})

test('health asks the predictor, and close closes it, also at the end of the block', async () => {
  Echo.closed = 0
  {
    await using predictor = await testPredictor(Echo, { signature })
    expect(await (await predictor.health()).json()).toEqual({ status: 'ok' })
    await predictor.close()
  }
  expect(Echo.closed).toBe(1)
})

test('a setup that fails says so', async () => {
  class Failing extends Echo {
    override setup(): void {
      throw new Error('no model')
    }
  }
  await expect(testPredictor(Failing, { signature })).rejects.toMatchObject({
    code: 'setup_failed',
    found: 'setup() threw: no model',
  })
})
