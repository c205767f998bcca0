import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { attachSignature } from '../../src/signature/attached.ts'
import { takes } from '../../src/signature/decorators.ts'
import { postJSON, serveInMemory, signatureOf } from './_serving.ts'

function newPredictor() {
  return class Predictor extends BasePredictor {
    predict(payload: { text: string }): number {
      return payload.text.length
    }
  }
}

const read = signatureOf({ schema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } })

describe('the types of a predictor in a program', () => {
  test('are those that were noted on its class', async () => {
    const Predictor = newPredictor()
    attachSignature(Predictor, read)
    const { app, lines } = await serveInMemory(Predictor)
    expect((await postJSON(app, { text: 5 })).status).toBe(422)
    expect(lines).toEqual([])
  })

  test('are those that are passed, also where others are noted', async () => {
    const Predictor = newPredictor()
    attachSignature(Predictor, signatureOf({ schema: { type: 'string' } }))
    const { app } = await serveInMemory(Predictor, { signature: JSON.parse(JSON.stringify(read)) })
    expect((await postJSON(app, { text: 5 })).status).toBe(422)
  })

  test('are refused where the data is not well formed', () => {
    const broken = { ...read, parameters: [{ name: 'payload', role: 'poem' }] }
    expect(() => createApp(newPredictor(), { signature: broken })).toThrow(
      expect.objectContaining({ code: 'invalid_signature', found: expect.stringContaining('#/parameters/0/role') }),
    )
  })

  test('are refused where another version read them', () => {
    const Predictor = newPredictor()
    Reflect.apply(attachSignature, undefined, [Predictor, { ...read, version: 2 }])
    expect(() => createApp(Predictor)).toThrow(expect.objectContaining({ code: 'invalid_signature' }))
  })
})

describe('where the types are unknown', () => {
  class Taking extends BasePredictor {
    @takes('payload')
    predict(payload: { text: string }): number {
      return payload.text.length
    }
  }

  test.each([
    ['no decorator', newPredictor()],
    ['a decorator that says the role alone', Taking],
  ])('and there is %s, a warning names the way', async (_name, predictor) => {
    const { lines } = await serveInMemory(predictor)
    expect(lines).toMatchObject([
      {
        level: 'warn',
        message: expect.stringMatching(/its payload is not checked.*loadPredictor.*signature.*unchecked/),
      },
    ])
  })

  test('there is none where that is meant', async () => {
    const { lines } = await serveInMemory(newPredictor(), { unchecked: true })
    expect(lines).toEqual([])
  })

  test('nor where there is no payload', async () => {
    class Raw extends BasePredictor {
      @takes('request')
      predict(request: Request): string {
        return request.url
      }
    }
    expect((await serveInMemory(Raw)).lines).toEqual([])
  })
})

test('a module in place of the class says so', () => {
  expect(() => Reflect.apply(createApp, undefined, [{ default: newPredictor() }])).toThrow(
    expect.objectContaining({
      code: 'no_predictor',
      found: 'a module was passed, whose default export is the class Predictor',
      instead: expect.stringContaining('.default'),
    }),
  )
})
