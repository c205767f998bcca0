import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { REQUEST_ERRORS, STARTUP_ERRORS } from '../../src/errors/codes.ts'
import { describeThrown } from '../../src/errors/describe-thrown.ts'
import { RequestError } from '../../src/errors/request-error.ts'
import { formatLocation, StartupError } from '../../src/errors/startup-error.ts'
import { describeProblem } from '../../src/http/problem.ts'

describe('the tables of codes', () => {
  test('request errors have a status of an error, a title and a sentence', () => {
    for (const [code, { status, title, when }] of Object.entries(REQUEST_ERRORS)) {
      expect(code).toMatch(/^[a-z][a-z0-9_]*$/)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(600)
      expect(status).not.toBe(407)
      expect(title).toMatch(/^[A-Z]/)
      expect(when).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('start-up errors have a sentence', () => {
    for (const when of Object.values(STARTUP_ERRORS)) expect(when).toMatch(/\.$/)
  })
})

describe('RequestError', () => {
  test('has the status of its code, and becomes a problem document', () => {
    const error = new RequestError('too_deep', { detail: 'JSON may nest 64 deep.' })
    expect(error).toMatchObject({ code: 'too_deep', status: 400, message: 'JSON may nest 64 deep.', headers: {} })
    expect(describeProblem(error.code, { requestId: 'id', detail: error.detail })).toEqual({
      type: 'urn:incant:error:too_deep',
      title: 'Too deeply nested',
      status: 400,
      detail: 'JSON may nest 64 deep.',
      code: 'too_deep',
      requestId: 'id',
    })
  })

  test('without a detail its message is the title', () => {
    expect(new RequestError('not_found').message).toBe('Not found')
  })
})

describe('StartupError', () => {
  test('says where, what, and what to write instead', () => {
    const location = { file: 'predictor.ts', line: 3, column: 5 }
    const error = new StartupError({ code: 'two_payloads', found: 'two', instead: 'Write one.', location })
    expect(error.message).toBe('predictor.ts:3:5: two\n  Write one.')
    expect(new StartupError({ code: 'two_payloads', found: 'two' }).message).toBe('two')
  })

  test('is known in another copy of the package', async () => {
    const { StartupError: Other } = await import(`../../src/errors/startup-error.ts?${'copy'}`)
    const foreign = new Other({ code: 'no_predict', found: 'none' })
    expect(foreign).not.toBeInstanceOf(StartupError)
    expect(StartupError.is(foreign)).toBe(true)
    for (const other of [new Error('x'), null, undefined, 'x', {}]) expect(StartupError.is(other)).toBe(false)
  })

  test.each([
    [{ file: 'a.ts' }, 'a.ts'],
    [{ file: 'a.ts', line: 1 }, 'a.ts:1'],
    [{ file: 'a.ts', line: 1, column: 2 }, 'a.ts:1:2'],
  ])('a place is written as terminals link it: %o', (location, text) => {
    expect(formatLocation(location)).toBe(text)
  })
})

describe('what was thrown, as the log shows it', () => {
  test('an error has its name, message, stack and causes', () => {
    const error = new TypeError('outer', { cause: new Error('inner', { cause: 'core' }) })
    expect(describeThrown(error)).toEqual({
      name: 'TypeError',
      message: 'outer',
      stack: error.stack,
      cause: { name: 'Error', message: 'inner', stack: expect.any(String), cause: { name: 'string', message: 'core' } },
    })
  })

  test('a circle of causes ends', () => {
    const error = new Error('round')
    error.cause = error
    expect(JSON.stringify(describeThrown(error)).match(/"message":"round"/g)).toHaveLength(6)
  })

  test('an error of another realm is one', () => {
    expect(describeThrown(runInNewContext('new RangeError("far")'))).toMatchObject({
      name: 'RangeError',
      message: 'far',
    })
  })

  test('an error without a stack', () => {
    const error = new Error('bare')
    delete error.stack
    expect(describeThrown(error)).toEqual({ name: 'Error', message: 'bare' })
  })
})
