import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { expectProblem, post, serveInMemory } from './_serving.ts'

const throwing = {
  get(): never {
    throw new Error('canary in a getter')
  },
}

// The stack first: V8 asks for name and message when it is replaced.
const hostile = Object.defineProperties(new Error('canary'), { stack: throwing, message: throwing, name: throwing })
const hostileObject = Object.defineProperties(
  {},
  { message: throwing, status: throwing, [Symbol.toStringTag]: throwing },
)
const proxy = new Proxy(new Error('canary'), {
  get: throwing.get,
  has: throwing.get,
  getPrototypeOf: throwing.get,
  ownKeys: throwing.get,
})
const looksLikeHTTPException = Object.defineProperties(new Error('canary'), {
  getResponse: { value: () => new Response('canary') },
  status: throwing,
})
const circular = Object.assign(new Error('canary'), { cause: undefined as unknown })
circular.cause = circular
const answered = new Response('canary', { status: 200 })
const UNKNOWN = 'something was thrown that cannot be described'

/** By name and not in the table itself: the test runner looks at what stands there. */
const THROWN: readonly (readonly [name: string, thrown: unknown, message: string])[] = [
  ['an Error', new Error('canary'), 'canary'],
  ['a TypeError', new TypeError('canary'), 'canary'],
  ['an Error whose cause is itself', circular, 'canary'],
  ['an Error with a status and no response', Object.assign(new Error('canary'), { status: 404 }), 'canary'],
  ['a string', 'canary', 'canary'],
  ['undefined', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a number', 42, '42'],
  ['a symbol', Symbol('canary'), 'Symbol(canary)'],
  ['an object with a message', { message: 'canary' }, "{ message: 'canary' }"],
  ['an object without', { a: 'canary' }, "{ a: 'canary' }"],
  ['a Response', answered, inspect(answered)],
  ['an Error whose getters throw', hostile, UNKNOWN],
  ['an object whose getters throw', hostileObject, UNKNOWN],
  ['a proxy that throws at every look', proxy, UNKNOWN],
  ['what looks like an HTTPException and throws when asked', looksLikeHTTPException, 'canary'],
  ['a revoked proxy', revoked(), UNKNOWN],
]

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const NAMES = THROWN.map(([name], index) => [name, index] as const)

describe.each(NAMES)('anything thrown is a 500 that tells nothing: %s', (_name, index) => {
  const [, thrown, message] = THROWN[index] ?? []
  const ways: [string, (payload: unknown) => unknown][] = [
    [
      'thrown',
      () => {
        throw thrown
      },
    ],
    ['rejected', () => Promise.reject(thrown)],
    [
      'from a generator',
      // biome-ignore lint/correctness/useYield: that it never gets to one is what is tested
      async function* () {
        throw thrown
      },
    ],
    [
      'from toJSON',
      () => ({
        toJSON() {
          throw thrown
        },
      }),
    ],
  ]

  test.each(ways)('%s', async (_way, act) => {
    class Predictor extends BasePredictor {
      predict(payload: unknown) {
        return act(payload)
      }
    }
    const { app, lines } = await serveInMemory(Predictor)
    const problem = await expectProblem(await post(app, '{}'), 500, 'internal')
    expect(problem).toEqual({
      type: 'urn:incant:error:internal',
      title: 'Internal server error',
      status: 500,
      code: 'internal',
      requestId: problem.requestId,
    })
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'predict failed',
        requestId: problem.requestId,
        error: expect.objectContaining({ message }),
      }),
    )
  })
})
