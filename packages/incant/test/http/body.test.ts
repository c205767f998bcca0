import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PredictorApp } from '../../src/app/predictor-app.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import type { Role } from '../../src/signature/signature.ts'
import { expectProblem, post, serveInMemory, signatureOf } from '../app/_serving.ts'

class Echo extends BasePredictor {
  predict(payload: unknown) {
    return payload
  }
}

function serving(options: object = {}): Promise<PredictorApp> {
  return serveInMemory(Echo, options).then(({ app }) => app)
}

describe('content types of a payload', () => {
  test.each([
    ['application/json'],
    ['Application/JSON'],
    ['application/json; charset=utf-8'],
    ['application/json;charset="UTF-8"'],
    ['application/json; charset=us-ascii'],
    ['application/ld+json'],
    ['text/plain'],
    ['text/plain;charset=UTF-8'],
    ['application/x-www-form-urlencoded'],
    [''],
  ])('%j is taken', async type => {
    const response = await post(await serving(), '{"a":1}', { 'content-type': type })
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: { a: 1 } })
  })

  test('none at all is taken', async () => {
    const response = await post(await serving(), new TextEncoder().encode('{"a":1}'))
    expect(response.status).toBe(200)
  })

  test.each([
    ['text/html'],
    ['application/xml'],
    ['application/octet-stream'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=utf-16'],
    ['application/json; charset=iso-8859-1'],
    ['application/jsonp'],
  ])('%j is a 415 that says what is', async type => {
    const response = await post(await serving(), '{"a":1}', { 'content-type': type })
    expect(response.headers.get('accept')).toBe('application/json')
    expect(await expectProblem(response, 415, 'unsupported_media_type')).toMatchObject({
      detail: 'Send application/json.',
    })
  })

  const browsers = [{ origin: 'http://localhost' }, { 'sec-fetch-site': 'same-origin' }]
  const undeclared = ['text/plain', 'application/x-www-form-urlencoded', 'text/plain;charset=UTF-8', '']
  test.each(browsers.flatMap(browser => undeclared.map(type => [browser, type] as const)))(
    'a browser (%o) must declare JSON: %j is a 415',
    async (browser, type) => {
      const response = await post(await serving(), '{"a":1}', { ...browser, 'content-type': type })
      await expectProblem(response, 415, 'unsupported_media_type')
    },
  )

  test('a browser that declares JSON is served', async () => {
    const headers = { origin: 'http://localhost', 'content-type': 'application/json' }
    expect((await post(await serving(), '{}', headers)).status).toBe(200)
  })

  test.each([{ origin: 'http://elsewhere.test' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])(
    'a page of another origin (%o) is refused, whatever it declares',
    async page => {
      const headers = { ...page, 'content-type': 'application/json' }
      await expectProblem(await post(await serving(), '{}', headers), 403, 'cross_site')
    },
  )

  test("curl's form type with a form and not JSON is a 400", async () => {
    await expectProblem(await post(await serving(), new URLSearchParams({ a: '1' })), 400, 'invalid_json')
  })
})

describe('content types of the other roles', () => {
  const serve = (role: Role) => serveInMemory(Echo, { signature: signatureOf({ role }) }).then(({ app }) => app)

  test('a form must be one', async () => {
    const response = await post(await serve('form'), '{}', { 'content-type': 'application/json' })
    expect(response.headers.get('accept')).toBe('multipart/form-data, application/x-www-form-urlencoded')
    await expectProblem(response, 415, 'unsupported_media_type')
  })

  test.each([
    ['multipart/form-data; boundary=x', 'canary'],
    ['multipart/form-data', '--x\r\ncanary'],
  ])('a form that does not parse is a 400: %s', async (type, body) => {
    const response = await post(await serve('form'), body, { 'content-type': type })
    expect(JSON.stringify(await expectProblem(response, 400, 'invalid_form'))).not.toContain('canary')
  })

  test('a string must be in UTF-8', async () => {
    const response = await post(await serve('text'), 'a', { 'content-type': 'text/plain; charset=utf-16' })
    expect(response.headers.get('accept')).toBe('text/plain; charset=utf-8')
    await expectProblem(response, 415, 'unsupported_media_type')
    await expectProblem(await post(await serve('text'), new Uint8Array([0xff])), 400, 'invalid_utf8')
  })
})

describe('content codings', () => {
  test.each(['gzip', 'br', 'identity, gzip', 'x'])('%s is a 415', async coding => {
    const response = await post(await serving(), '{}', { 'content-encoding': coding })
    expect(response.headers.get('accept-encoding')).toBe('identity')
    await expectProblem(response, 415, 'unsupported_encoding')
  })

  test('identity is none', async () => {
    expect((await post(await serving(), '{}', { 'content-encoding': 'Identity' })).status).toBe(200)
  })

  test('the coding is looked at before the type, and both before the length', async () => {
    const app = await serving({ maxBodySize: 1 })
    const html = { 'content-type': 'text/html' }
    await expectProblem(await post(app, '{}', { ...html, 'content-encoding': 'gzip' }), 415, 'unsupported_encoding')
    await expectProblem(await post(app, '{}', html), 415, 'unsupported_media_type')
    await expectProblem(await post(app, '{}'), 413, 'body_too_large')
  })
})

describe('limits', () => {
  const body = JSON.stringify({ a: 'x'.repeat(92) })

  test('exactly as many bytes as there may be', async () => {
    expect((await post(await serving({ maxBodySize: 100 }), body)).status).toBe(200)
  })

  test('one more, declared: refused before a byte is read', async () => {
    const app = await serving({ maxBodySize: 99 })
    const stream = new ReadableStream()
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: stream, duplex: 'half' }
    const response = await app.request('/predict', { ...init, headers: { 'content-length': '100' } })
    expect(await expectProblem(response, 413, 'body_too_large')).toMatchObject({ detail: 'A body may have 99 bytes.' })
  })

  test('one more, undeclared: refused while it is read', async () => {
    let sent = 0
    const stream = new ReadableStream({
      pull(controller) {
        sent += 1
        controller.enqueue(new TextEncoder().encode('[1,2,3,4,'))
      },
    })
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: stream, duplex: 'half' }
    await expectProblem(await (await serving({ maxBodySize: 99 })).request('/predict', init), 413, 'body_too_large')
    expect(sent).toBeLessThan(20)
  })

  test.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('%s nest as deep as they may and no deeper', async (_name, open, close) => {
    const app = await serving({ maxJsonDepth: 5 })
    const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`
    expect((await post(app, nested(5))).status).toBe(200)
    expect(await expectProblem(await post(app, nested(6)), 400, 'too_deep')).toMatchObject({
      detail: 'JSON may nest 5 deep.',
    })
  })

  test.each(['"[[[[[["', '["\\"[[[[[["]', '[[1],[1],[1],[1]]'])(
    'brackets in strings, and side by side, do not nest: %s',
    async text => {
      expect((await post(await serving({ maxJsonDepth: 2 }), text)).status).toBe(200)
    },
  )

  test('five million brackets are refused without being parsed', async () => {
    const app = await serving()
    const brackets = new Uint8Array(5_000_000).fill(0x5b)
    await expectProblem(await post(app, brackets), 400, 'too_deep')
  })
})

describe('JSON that is not', () => {
  test.each<[string, string]>([
    ['', 'The body must be JSON; it is empty.'],
    [' ', 'The body must be JSON; it ends too early.'],
    ['{', 'The body must be JSON; it ends too early.'],
    ['{"a":1,\n "b" 2}', 'The body must be JSON; it stops being JSON at line 2, column 6.'],
    ['[1,]', 'The body must be JSON; it stops being JSON at line 1, column 4.'],
    ['nul', 'The body must be JSON; it stops being JSON at line 1, column 1.'],
    ["{'a':1}", 'The body must be JSON; it stops being JSON at line 1, column 2.'],
    ['"a\tb"', 'The body must be JSON; it stops being JSON at line 1, column 3.'],
    ['{"a":1}x', 'The body must be JSON; it stops being JSON at line 1, column 8.'],
    ['[1,\r\n01]', 'The body must be JSON; it stops being JSON at line 2, column 2.'],
  ])('%j: %s', async (text, detail) => {
    const code = text === '' ? 'empty_body' : 'invalid_json'
    expect(await expectProblem(await post(await serving(), text), 400, code)).toMatchObject({ detail })
  })

  test.each([
    [[0x22, 0xff, 0x22]],
    [[0x22, 0xc0, 0xaf, 0x22]],
    [[0x22, 0xed, 0xa0, 0x80, 0x22]],
    [[0xff, 0xfe, 0x5b, 0x00, 0x5d, 0x00]],
    [[0x22, 0xe2, 0x82]],
  ])('bytes %j are not UTF-8', async bytes => {
    const response = await post(await serving(), new Uint8Array(bytes))
    expect(await expectProblem(response, 400, 'invalid_utf8')).toMatchObject({ detail: 'The body must be UTF-8.' })
  })

  test.each([
    ['line feeds', '\n'.repeat(2e6)],
    ['escapes', `["${'\\n'.repeat(1e6)}`],
    ['items', `[${'1,'.repeat(1e6)}`],
  ])('a megabyte of %s', async (_name, body) => {
    await expectProblem(await post(await serving(), body), 400, 'invalid_json')
  })
})

describe('numbers no double holds', () => {
  test.each(['1e400', '[0,-1e999]', `{"a":[{"b":${'9'.repeat(400)}}]}`])('%s, where no schema looks', async body => {
    expect(await expectProblem(await post(await serving(), body), 400, 'invalid_json')).toMatchObject({
      detail: 'The body has a number that is too large for a double.',
    })
  })

  test('where one does, it names the place', async () => {
    const schema = { type: 'array', items: { type: 'number' } } as const
    const app = await serving({ signature: signatureOf({ schema }) })
    const { errors } = await expectProblem(await post(app, '[0,1e400]'), 422, 'invalid_payload')
    expect(errors).toEqual([{ pointer: '#/1', detail: 'must be a finite number' }])
  })
})

describe('__proto__ is no name a member may have', () => {
  test.each([
    '{"__proto__":1}',
    '{"a":[{"__proto__":{"admin":true}}]}',
    '{"\\u005f_proto__":1}',
    '{"__pr\\u006Fto__":1}',
    '{"\\u005F\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":1}',
  ])('%s', async body => {
    const problem = await expectProblem(await post(await serving(), body), 400, 'forbidden_key')
    expect(problem.detail).toBe('JSON may not have a member named __proto__.')
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
  })

  test.each(['{"a":"__proto__"}', '["\\u0061"]', '{"\\\\u005f_proto__":1}', '{"proto":1}'])(
    '%s is harmless',
    async body => {
      expect((await post(await serving(), body)).status).toBe(200)
    },
  )
})

describe('members whose names are written with escapes', () => {
  const writeEscapes = (text: string): string =>
    text.replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

  test('are read as they are, whatever others have sent before', async () => {
    const app = await serving()
    // Behind a member of its own, since what comes first is never confused where there are many.
    for (const [index, [before, written, name]] of [
      ['gr\\\\u0', 'gr\\u00f6\\u00dfe', 'größe'],
      ['\\\\', '\\u0041', 'A'],
      ['\\\\u00', '\\u0061uth', 'auth'],
    ].entries()) {
      expect((await post(app, `{"first of ${index}":0,"${before}":1}`)).status).toBe(200)
      const answer = await post(app, `{"first of ${index}":0,"${written}":1}`)
      expect(await answer.text()).toBe(JSON.stringify({ [`first of ${index}`]: 0, [`${name}`]: 1 }))
    }
  })

  test('come to the same as without', async () => {
    const app = await serving()
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        async payload => {
          fc.pre(!Object.hasOwn(payload, '__proto__'))
          const text = JSON.stringify(payload)
          expect(await (await post(app, writeEscapes(text))).text()).toBe(text)
        },
      ),
    )
  })
})

describe('strictJson', () => {
  test.each([
    ['{"a":1,"a":2}', 'line 1, column 8'],
    ['{"a":{"b":1,\n"b":1}}', 'line 2, column 1'],
    ['[{"a":1,"\\u0061":2}]', 'line 1, column 9'],
  ])('%s repeats a member', async (body, where) => {
    const problem = await expectProblem(await post(await serving({ strictJson: true }), body), 400, 'forbidden_key')
    expect(problem.detail).toBe(`A member occurs twice in one object, again at ${where}.`)
  })

  test('the same name in two objects is not twice', async () => {
    expect((await post(await serving({ strictJson: true }), '[{"a":1},{"a":{"a":1}}]')).status).toBe(200)
  })

  test('without it the last one wins', async () => {
    expect(await (await post(await serving(), '{"a":1,"a":2}')).json()).toEqual({ a: 2 })
  })
})

describe('the input is never in an error', () => {
  const CANARY = 'Kanarienvogel'
  const schema = {
    type: 'object',
    properties: {
      text: { type: 'string', maxLength: 3, pattern: '^[a-c]+$' },
      number: { type: 'number', maximum: 5 },
      kind: { enum: ['a', 'b'] },
      when: { type: 'string', format: 'date-time', 'x-incant-type': 'Date' },
      list: { type: 'array', items: { type: 'integer' } },
    },
    required: ['text'],
  } as const

  test('in whatever it is hidden: broken JSON, wrong values, wrong types', async () => {
    const { app, lines } = await serveInMemory(Echo, { signature: signatureOf({ schema }) })
    const value = fc.oneof(fc.constant(CANARY), fc.constant([CANARY]), fc.constant({ a: CANARY }))
    const payload = fc.record(
      { text: value, number: value, kind: value, when: value, list: value },
      { requiredKeys: [] },
    )
    const broken = fc
      .tuple(payload, fc.nat(), fc.constantFrom('', CANARY, '\u0000', '}', '"', '\\'))
      .map(([written, at, insert]) => {
        const text = JSON.stringify(written)
        return text.slice(0, at % text.length) + insert + text.slice((at % text.length) + 1)
      })
    const body = fc.oneof(
      payload.map(written => JSON.stringify(written)),
      broken,
      fc.constant(CANARY),
    )
    await fc.assert(
      fc.asyncProperty(body, async text => {
        const response = await post(app, text, { 'content-type': 'application/json' })
        expect(response.status).toBeGreaterThanOrEqual(400)
        expect(response.status).toBeLessThan(500)
        expect(await response.text()).not.toContain(CANARY)
        expect(JSON.stringify([...response.headers])).not.toContain(CANARY)
      }),
      { numRuns: 300 },
    )
    expect(JSON.stringify(lines)).not.toContain(CANARY)
  })

  test('at most 50 places are named', async () => {
    const { app } = await serveInMemory(Echo, { signature: signatureOf({ schema }) })
    const problem = await expectProblem(
      await post(app, JSON.stringify({ text: 'a', list: Array(1000).fill('x') })),
      422,
      'invalid_payload',
    )
    expect(problem.errors).toHaveLength(50)
    expect(problem.errors?.[0]?.pointer).toBe('#/list/0')
  })
})
