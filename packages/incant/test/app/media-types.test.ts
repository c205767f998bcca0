import { describe, expect, test } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import type { ParameterSignature, ReturnSignature } from '../../src/signature/signature.ts'
import { expectProblem, post, serveInMemory, signatureOf } from './_serving.ts'

class Length extends BasePredictor {
  async predict(body: Uint8Array | Blob | string | ReadableStream) {
    if (body instanceof ReadableStream) return (await new Response(body).arrayBuffer()).byteLength
    return body instanceof Blob ? body.size : body.length
  }
}

async function serveLength(parameter: Partial<ParameterSignature>) {
  return (await serveInMemory(Length, { signature: signatureOf(parameter) })).app
}

const IMAGES = { contentMediaType: 'image/png, audio/*' }

describe('the media types of a body that the signature names', () => {
  test.each(['bytes', 'blob', 'stream'] as const)('are taken, and no others, as %s', async role => {
    const app = await serveLength({ role, schema: IMAGES })
    for (const type of ['image/png', 'Audio/WAV; codecs=1', 'audio/mpeg']) {
      expect(await (await post(app, 'abc', { 'content-type': type })).text()).toBe('3')
    }
    for (const type of ['image/jpeg', 'image/png2', 'text/plain', 'application/octet-stream']) {
      const response = await post(app, 'abc', { 'content-type': type })
      expect(response.headers.get('accept')).toBe('image/png, audio/*')
      await expectProblem(response, 415, 'unsupported_media_type')
    }
    await expectProblem(await post(app, new Uint8Array([1])), 415, 'unsupported_media_type')
  })

  test('leave text a string in JSON, too', async () => {
    const app = await serveLength({ role: 'text', schema: { type: 'string', contentMediaType: 'text/csv' } })
    expect(await (await post(app, 'a,b', { 'content-type': 'text/csv' })).text()).toBe('3')
    expect(await (await post(app, '"a,b"', { 'content-type': 'application/json' })).text()).toBe('3')
    await expectProblem(await post(app, 'a,b', { 'content-type': 'text/plain' }), 415, 'unsupported_media_type')
  })
})

describe('the media type of an answer that the signature names', () => {
  async function typeOf(value: () => unknown, ...returns: readonly ReturnSignature[]): Promise<string | null> {
    class Giver extends BasePredictor {
      predict(_payload: unknown): unknown {
        return value()
      }
    }
    const { app } = await serveInMemory(Giver, { signature: { ...signatureOf({}), returns } })
    return (await post(app, '{}')).headers.get('content-type')
  }
  const png: ReturnSignature = { kind: 'bytes', schema: { contentMediaType: 'image/png' } }
  const html: ReturnSignature = { kind: 'text', schema: { type: 'string', contentMediaType: 'text/html' } }
  const geo: ReturnSignature = { kind: 'json', schema: { contentMediaType: 'application/geo+json' } }
  const bytes = new Uint8Array([1])

  test.each<[string, () => unknown, ReturnSignature, string]>([
    ['bytes', () => bytes, png, 'image/png'],
    ['a stream of bytes', () => new Blob([bytes]).stream(), png, 'image/png'],
    ['a Blob without a type', () => new Blob([bytes]), png, 'image/png'],
    ['a Blob that has one', () => new Blob([bytes], { type: 'image/webp' }), png, 'image/webp'],
    ['a Response', () => new Response('a', { headers: { 'content-type': 'a/b' } }), png, 'a/b'],
    ['text', () => '<p>', html, 'text/html; charset=utf-8'],
    ['JSON', () => ({ type: 'Point' }), geo, 'application/geo+json'],
    ['another kind of answer', () => ({ a: 1 }), png, 'application/json'],
    ['a range, which names none', () => bytes, { kind: 'bytes', schema: IMAGES }, 'application/octet-stream'],
  ])('%s', async (_name, value, returned, expected) => {
    expect(await typeOf(value, returned)).toBe(expected)
  })
})
