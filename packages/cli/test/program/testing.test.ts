// @module-tag slow
import { fileURLToPath } from 'node:url'
import { BasePredictor, input } from 'incant'
import { InvalidPayloadError } from 'incant/client'
import { toValibot } from 'incant/internal'
import { testPredictor } from 'incant/testing'
import { describe, expect, expectTypeOf, test } from 'vitest'
import signature from './fixtures/review.signature.json' with { type: 'json' }
import Reviewer from './fixtures/review.ts'

const FILE = new URL('./fixtures/review.ts', import.meta.url)

class WithoutModel extends Reviewer {
  override setup(): void {}
}

describe('a test checks what a server checks', () => {
  test('of a class that extends the one that was imported', async () => {
    await using predictor = await testPredictor(WithoutModel)
    expect((await predictor.predict({ text: 5 })).status).toBe(422)
    const response = await predictor.predict({ text: 'good' })
    // Also a default is filled in.
    expect(await response.json()).toEqual({ length: 4, top: 3 })
  })

  test.each([
    ['a URL', FILE],
    ['a URL as text', FILE.href],
    ['a path', fileURLToPath(FILE)],
  ])('of a file that is named by %s', async (_name, file) => {
    // The file was loaded, since its setup has run.
    await expect(testPredictor(file)).rejects.toMatchObject({ found: 'setup() threw: no model in a test' })
  })

  test('with types that were read before, from a JSON file that was imported', async () => {
    await using predictor = await testPredictor(WithoutModel, { signature })
    expect((await predictor.predict({ text: 5 })).status).toBe(422)
  })

  test('with a client that knows the types', async () => {
    await using predictor = await testPredictor(WithoutModel)
    const { length } = await predictor.client.predict({ text: 'good' })
    expectTypeOf(length).toEqualTypeOf<number>()
    expect(length).toBe(4)
    await expect(predictor.client.predict({ text: '' })).rejects.toThrow(InvalidPayloadError)
    expect(await predictor.client.ready()).toBe(true)
  })

  test('and what predict takes and gives is typed', async () => {
    await using predictor = await testPredictor(WithoutModel)
    const response = await predictor.predict({ text: 'good' })
    expectTypeOf(response.json()).resolves.toEqualTypeOf<{ length: number; top: number | undefined }>()
    expectTypeOf(predictor.predict(5)).resolves.toEqualTypeOf<Response>()
  })
})

describe('where the types are unknown', () => {
  class Inside extends BasePredictor {
    predict(payload: { text: string }): string {
      return payload.text.toUpperCase()
    }
  }

  test('an error says why, and what to do', async () => {
    await expect(testPredictor(Inside)).rejects.toMatchObject({
      code: 'unknown_signature',
      found: expect.stringMatching(
        /the types of Inside\.predict are unknown.*testing\.test\.ts exports no class Inside/,
      ),
      instead: expect.stringContaining('unchecked: true'),
    })
  })

  test('unchecked says that this is meant', async () => {
    await using predictor = await testPredictor(Inside, { unchecked: true })
    expect((await predictor.predict({ text: 5 })).status).toBe(500)
  })

  test('a schema is enough, and so is a signature', async () => {
    class Schema extends BasePredictor {
      @input(toValibot({ type: 'object', required: ['text'], properties: { text: { type: 'string' } } }, {}))
      predict(payload: { text: string }): string {
        return payload.text
      }
    }
    await using first = await testPredictor(Schema)
    expect((await first.predict({ text: 5 })).status).toBe(422)
    await using second = await testPredictor(Inside, { signature })
    expect((await second.predict({ text: 5 })).status).toBe(422)
  })

  test('a predictor that replaces predict does not have the types of the one that it extends', async () => {
    class Other extends WithoutModel {
      override predict(payload: { text: string }): never {
        throw new Error(payload.text)
      }
    }
    await expect(testPredictor(Other)).rejects.toMatchObject({ code: 'unknown_signature' })
  })
})

test('types that cannot be served are refused, as incant serve refuses them', async () => {
  const file = new URL('./fixtures/refused.ts', import.meta.url)
  const { default: Refused } = await import('./fixtures/refused.ts')
  const refusal = { code: 'unsupported_type', location: { line: 4 } }
  await expect(testPredictor(Refused)).rejects.toMatchObject(refusal)
  await expect(testPredictor(file)).rejects.toMatchObject(refusal)
})

test.each([
  ['./nowhere.ts', /starts at the current folder, .*import\.meta\.resolve\('\.\/nowhere\.ts'\)/],
  [new URL('./nowhere.ts', import.meta.url), /Use the path/],
])('a file that is not there: %s', async (file, instead) => {
  await expect(testPredictor(file)).rejects.toMatchObject({
    code: 'file_not_found',
    instead: expect.stringMatching(instead),
  })
})
