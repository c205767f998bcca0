import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogger, type LoggerOptions } from '../../../src/process/log/create-logger.ts'

function logged(options: LoggerOptions, work: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = ''
  work(createLogger({ ...options, stream: { write: line => (text += line) } }))
  return text
}

/** Everything that ends a line, moves a cursor or turns text around. */
const HOSTILE = '\r\n\u0000\u001b[2K\u007f\u0085\u009b31m\u2028\u2029\u202e'
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

describe.each(['json', 'pretty'] as const)('a log in %s', format => {
  it('is one line an event, whatever is in the message or a field', () => {
    const text = logged({ format }, logger =>
      logger.log('info', `message ${HOSTILE}`, { field: HOSTILE, [`name${HOSTILE}`]: [HOSTILE], empty: undefined }),
    )
    expect(text.endsWith('\n')).toBe(true)
    expect(text.slice(0, -1)).not.toMatch(CONTROL)
    expect(text).not.toContain('empty')
  })

  it('has no lines below its level', () => {
    const text = logged({ format, level: 'warn' }, logger => {
      logger.log('debug', 'one')
      logger.log('info', 'two')
      logger.log('warn', 'three')
      logger.log('error', 'four')
    })
    expect(text.match(/one|two|three|four/g)).toEqual(['three', 'four'])
  })

  it('takes fields that cannot be written', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    const hostile = {
      toJSON() {
        throw new Error('no')
      },
    }
    const text = logged({ format }, logger => logger.log('info', 'all the same', { cycle, hostile, big: 1n, f() {} }))
    expect(text).toContain('all the same')
    expect(text.trim().split('\n')).toHaveLength(1)
  })
})

it('writes JSON with time, level, msg and the fields', () => {
  const text = logged({ format: 'json' }, logger => logger.log('info', 'hello', { status: 200, nested: { a: 1 } }))
  const line: unknown = JSON.parse(text)
  expect(line).toEqual({ time: expect.any(String), level: 'info', msg: 'hello', status: 200, nested: { a: 1 } })
  expect(text).toMatch(/"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/)
})

it('writes what was escaped so that it reads back as it was', () => {
  const text = logged({ format: 'json' }, logger => logger.log('info', HOSTILE))
  expect(JSON.parse(text)).toMatchObject({ msg: HOSTILE })
})

it('writes an error with its stack', () => {
  const error = new Error('it broke')
  const json = logged({ format: 'json' }, logger => logger.log('error', 'sad', { error }))
  expect(JSON.parse(json)).toMatchObject({ error: { name: 'Error', message: 'it broke', stack: error.stack } })
  const pretty = logged({ format: 'pretty' }, logger => logger.log('error', 'sad', { error, of: 'r 1' }))
  const [first, second, ...rest] = pretty.trimEnd().split('\n')
  expect(first).toMatch(/^\d\d:\d\d:\d\d error sad of="r 1"$/)
  expect(second).toBe('           Error: it broke')
  expect(rest.every(line => line.startsWith('           '))).toBe(true)
})

it('is nothing at all where the level is silent', () => {
  expect(logged({ level: 'silent' }, logger => logger.log('error', 'hello'))).toBe('')
})

describe('a line that would be too long', () => {
  it('has its texts cut, and is JSON all the same', () => {
    const text = logged({ format: 'json' }, logger =>
      logger.log('error', 'm'.repeat(200_000), {
        requestId: 'r1',
        error: { name: 'E', stack: '\u001b'.repeat(200_000) },
      }),
    )
    expect(text.length).toBeLessThan(128 * 1024)
    const line = JSON.parse(text) as Record<string, unknown>
    expect(line).toMatchObject({ level: 'error', requestId: 'r1', error: { name: 'E' } })
    expect(line['msg']).toBe(`${'m'.repeat(4096)}… (195904 more characters)`)
  })

  it('has no fields but who it is of, where there are too many', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`n${n}`, n]))
    const text = logged({ format: 'json' }, logger => logger.log('info', 'many', { ...many, requestId: 'r1' }))
    expect(JSON.parse(text)).toEqual({
      level: 'info',
      time: expect.any(String),
      msg: 'many',
      requestId: 'r1',
      truncated: true,
    })
  })

  it('is cut for people, too', () => {
    const text = logged({ format: 'pretty' }, logger => logger.log('info', 'x'.repeat(1e6), { field: 'y'.repeat(1e6) }))
    expect(text.length).toBeLessThan(40_000)
  })
})

describe('whatever is written', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(HOSTILE, '\ud800', '"},{"', '\\'))
  const value = fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null), fc.jsonValue(), fc.array(text))
  // JSON.parse of Node 24 and 26 reads the name "\\u0041" as "\\", where an object with that one was read before.
  const readable = text.filter(name => !name.includes('\\'))
  const names = readable.filter(name => !['level', 'time', 'msg', 'error', '__proto__'].includes(name))

  it('is one line of JSON, and reads back as it was', () => {
    fc.assert(
      fc.property(text, fc.dictionary(names, value), (message, fields) => {
        const line = logged({ format: 'json' }, logger => logger.log('info', message, fields))
        expect(line.indexOf('\n')).toBe(line.length - 1)
        expect(line.slice(0, -1)).not.toMatch(CONTROL)
        const { level, time, msg, ...rest } = JSON.parse(line) as Record<string, unknown>
        expect([level, msg, typeof time]).toEqual(['info', message, 'string'])
        expect(rest).toEqual(JSON.parse(JSON.stringify(fields)))
      }),
    )
  })

  it('is one line for people', () => {
    fc.assert(
      fc.property(text, fc.dictionary(names, value), (message, fields) => {
        const line = logged({ format: 'pretty' }, logger => logger.log('info', message, fields))
        expect(line.indexOf('\n')).toBe(line.length - 1)
        expect(line.slice(0, -1)).not.toMatch(CONTROL)
      }),
    )
  })
})
