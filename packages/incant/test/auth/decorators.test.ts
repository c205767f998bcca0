import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { anyOf, bearerAuth, publicAccess, rateLimit, requireScopes } from '../../src/auth/index.ts'
import { silentLogger } from '../../src/log/logger.ts'
import { BasePredictor, type PredictorClass } from '../../src/predictor/base-predictor.ts'
import { call, outcome, serveClass, startupError, unknownDecorator, WhoAmI, WITH_CONTEXT } from './_fixtures.ts'

const bearer = (token: string) => bearerAuth({ tokens: token, realm: token })
const with_ = (token: string) => ({ authorization: `Bearer ${token}` })

/** Whether a class lets in who has a token, and nobody else. */
async function expectProtected(predictor: PredictorClass, token = 'a'): Promise<void> {
  const { app } = await serveClass(predictor)
  expect(app.access).toBe('protected')
  expect((await call(app)).status).toBe(401)
  expect((await call(app, with_('x'))).status).toBe(401)
  expect((await call(app, with_(token))).status).toBe(200)
}

@bearer('a')
class OnClass extends WhoAmI {}

class OnPredict extends BasePredictor {
  @bearer('a')
  predict(payload: unknown): unknown {
    return { payload }
  }
}

class OnStatic extends BasePredictor {
  @bearer('a')
  static predict(payload: unknown): unknown {
    return { payload }
  }
}

describe('protected', () => {
  test.each<[string, PredictorClass]>([
    ['a class', OnClass],
    ['predict', OnPredict],
    ['a static predict', OnStatic],
    ['a subclass', class extends OnClass {}],
    [
      'a subclass that overrides predict',
      class extends OnClass {
        override predict(payload: unknown) {
          return { mine: payload }
        }
      },
    ],
    [
      'a subclass that overrides a decorated predict',
      class extends OnPredict {
        override predict(payload: unknown) {
          return { mine: payload }
        }
      },
    ],
    [
      'one that overrides it twice',
      class extends class extends OnPredict {
        override predict() {
          return { once: true }
        }
      } {
        override predict(): { once: boolean } {
          return { once: false }
        }
      },
    ],
    [
      'one that puts a static predict over it',
      class extends OnPredict {
        static predict() {
          return { mine: true }
        }
      },
    ],
    [
      'a subclass that overrides a static predict',
      class extends OnStatic {
        static override predict() {
          return { mine: true }
        }
      },
    ],
    [
      'one that overrides a static predict by one of instances',
      class extends OnStatic {
        predict() {
          return { mine: true }
        }
      },
    ],
  ])('%s', async (_name, predictor) => {
    await expectProtected(predictor)
  })

  test('an object between class and base', async () => {
    const Mixin = (Base: typeof OnPredict) => class extends Base {}
    await expectProtected(Mixin(Mixin(OnPredict)))
  })

  test('a predict that is replaced on the prototype, if the class is decorated', async () => {
    @bearer('a')
    class Patched extends WhoAmI {}
    Object.defineProperty(Patched.prototype, 'predict', { value: () => ({ patched: true }) })
    await expectProtected(Patched)
  })

  test('a predict that is borrowed', async () => {
    class Borrower extends BasePredictor {
      declare predict: () => unknown
    }
    Borrower.prototype.predict = OnPredict.prototype.predict as () => unknown
    await expectProtected(Borrower)
  })
})

describe('what stands on a class and on its predict', () => {
  test('is all required, with what its parents ask for', async () => {
    @bearer('a')
    class Parent extends BasePredictor {
      @requireScopes('read')
      predict(payload: unknown): unknown {
        return { payload }
      }
    }
    class Child extends Parent {}
    const { app } = await serveClass(Child)
    expect((await call(app)).status).toBe(401)
    expect((await call(app, with_('a'))).status).toBe(403)
  })

  test('of the parent does not change by what its child asks for', async () => {
    @bearer('b')
    class Child extends OnClass {}
    await expectProtected(OnClass)
    const { app } = await serveClass(Child)
    // One header cannot hold two tokens: a child may be stricter than anybody can satisfy, never laxer.
    expect((await call(app, with_('a'))).status).toBe(401)
    expect((await call(app, with_('b'))).status).toBe(401)
  })

  test('keeps the order of the source, parents first', async () => {
    @bearer('c')
    @bearer('d')
    class Child extends OnClass {}
    const { app } = await serveClass(Child)
    expect(await outcome(call(app))).toBe('401 unauthorized Bearer realm="a",Bearer realm="c",Bearer realm="d"')
  })
})

describe('access', () => {
  test('without a decorator is open', async () => {
    const { app } = await serveClass(WhoAmI)
    expect(app.access).toBe('open')
    expect(await outcome(call(app))).toBe('200 anonymous')
  })

  test('with @publicAccess is public, and the log says so', async () => {
    @publicAccess()
    class Public extends WhoAmI {}
    const { app, lines } = await serveClass(Public)
    expect(app.access).toBe('public')
    expect(lines.map(({ message }) => message)).toContain('calls need no credentials: @publicAccess()')
    const response = await call(app)
    expect(response.headers.get('cache-control')).toBeNull()
    expect(await outcome(response)).toBe('200 anonymous')
  })

  test('with @rateLimit alone is still open', async () => {
    @rateLimit({ requests: 1, per: 'day' })
    class Limited extends WhoAmI {}
    const { app } = await serveClass(Limited)
    expect(app.access).toBe('open')
  })
})

describe('does not start', () => {
  const start = (predictor: PredictorClass) =>
    startupError(() => createApp(predictor, { signature: WITH_CONTEXT, logger: silentLogger }))

  test.each<[string, () => PredictorClass, string]>([
    [
      '@publicAccess beside a strategy',
      () => {
        @publicAccess()
        @bearer('a')
        class Both extends WhoAmI {}
        return Both
      },
      '@publicAccess on Both contradicts @bearerAuth, on the class or inherited',
    ],
    [
      '@publicAccess on a child of a protected class',
      () => {
        @publicAccess()
        class Child extends OnPredict {}
        return Child
      },
      '@publicAccess on Child contradicts @bearerAuth, on the class or inherited',
    ],
    [
      '@requireScopes without a strategy',
      () => {
        @requireScopes('read')
        class Scoped extends WhoAmI {}
        return Scoped
      },
      '@requireScopes on Scoped requires scopes, but no strategy identifies the caller',
    ],
    [
      'a requirement that is not known',
      () => {
        @unknownDecorator()
        class Unknown extends WhoAmI {}
        return Unknown
      },
      '@moonPhase has a requirement that this version of incant does not know',
    ],
  ])('%s', (_name, define, found) => {
    const error = start(define())
    expect(error.code).toBe('invalid_auth')
    expect(error.found).toBe(found)
    expect(error.instead).toBeDefined()
  })

  test('a decorator on a method that callers do not reach', () => {
    const error = startupError(() => {
      class Wrong extends WhoAmI {
        @bearer('a')
        override health(): unknown {
          return {}
        }
      }
      return Wrong
    })
    expect(error.code).toBe('invalid_auth')
    expect(error.found).toBe('@bearerAuth is on health, which is not a method that requests reach')
    expect(error.instead).toBe('Put it on predict or on the class.')
  })

  test('a predict that another decorator has replaced, found out when it is made', async () => {
    const replace = (method: (payload: unknown) => unknown, _context: unknown) => (payload: unknown) => method(payload)
    class Replaced extends BasePredictor {
      @replace
      @bearer('a')
      predict(payload: unknown): unknown {
        return payload
      }
    }
    const app = createApp(Replaced, { logger: silentLogger })
    await expect(app.ready).rejects.toMatchObject({
      message: expect.stringContaining(
        '@bearerAuth on predict of Replaced protects nothing: a decorator above it replaced the method',
      ),
    })
    expect((await app.request('/predict', { method: 'POST', body: '1' })).status).toBe(503)
    await app.close()
  })

  test('and one that is static, when it is defined', () => {
    const replace = (_method: unknown, _context: unknown) => () => 1
    const error = startupError(() => {
      class Replaced extends BasePredictor {
        @replace
        @bearer('a')
        static predict(): unknown {
          return 0
        }
      }
      return Replaced
    })
    expect(error.code).toBe('invalid_auth')
  })

  test('below a decorator that replaces predict, ours above it protects', async () => {
    const replace = (method: (payload: unknown) => unknown, _context: unknown) => (payload: unknown) => method(payload)
    class Above extends BasePredictor {
      @bearer('a')
      @replace
      predict(payload: unknown): unknown {
        return { payload }
      }
    }
    await expectProtected(Above)
  })

  test.each<[string, () => unknown, string]>([
    ['anyOf()', () => anyOf(), '@anyOf() contains no strategy'],
    [
      'anyOf with scopes',
      () => anyOf(bearer('a'), requireScopes('x')),
      '@anyOf(…) contains @requireScopes, which does not identify the caller',
    ],
    [
      'anyOf with everybody',
      () => anyOf(bearer('a'), publicAccess()),
      '@anyOf(…) contains @publicAccess, which does not identify the caller',
    ],
    [
      'anyOf with an empty object',
      () => anyOf(bearer('a'), {} as never),
      '@auth was given something that has no name of letters, digits, . - and _',
    ],
    ['no scope', () => requireScopes(), '@requireScopes() names no scope'],
    ['a scope with a space', () => requireScopes('a', 'b c'), '@requireScopes: number 2 is not a scope'],
    ['a scope with a quote', () => requireScopes('a"'), '@requireScopes: number 1 is not a scope'],
    [
      'a rate of none',
      () => rateLimit({ requests: 0, per: 'minute' }),
      '@rateLimit was given something that is not a rate',
    ],
    [
      'a rate of half',
      () => rateLimit({ requests: 0.5, per: 'minute' }),
      '@rateLimit was given something that is not a rate',
    ],
    [
      'a rate per century',
      () => rateLimit({ requests: 1, per: 'century' as never }),
      '@rateLimit was given something that is not a rate',
    ],
  ])('%s', (_name, make, found) => {
    const error = startupError(make)
    expect(error.code).toBe('invalid_auth')
    expect(error.found).toBe(found)
  })
})
