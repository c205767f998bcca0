import { afterEach, describe, expect, test, vi } from 'vitest'
import { callLogger } from '../../src/log/call-logger.ts'
import { consoleLogger, type Logger } from '../../src/log/logger.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** The one line that `write` writes, parsed. */
function lineOf(write: (logger: Logger) => void): Record<string, unknown> {
  const lines: string[] = []
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(line))
  }
  write(consoleLogger)
  expect(lines).toHaveLength(1)
  for (const control of ['\n', '\r', '\u001b']) expect(lines[0]).not.toContain(control)
  return JSON.parse(lines[0] ?? '')
}

describe('the console logger writes one JSON line', () => {
  test('with level, time, message and fields', () => {
    const line = lineOf(logger => logger.log('warn', 'careful', { requestId: 'id', count: 1 }))
    expect(line).toEqual({ level: 'warn', time: expect.any(String), msg: 'careful', requestId: 'id', count: 1 })
    expect(new Date(String(line['time'])).toISOString()).toBe(line['time'])
  })

  test('whatever is in it: line ends and escapes forge nothing', () => {
    const nasty = 'a\r\n{"level":"error"}\u001b[2J'
    expect(lineOf(logger => logger.log('info', nasty, { field: nasty }))).toMatchObject({ msg: nasty, field: nasty })
  })

  const circle: { self?: unknown } = {}
  circle.self = circle
  const throwing = {
    get field() {
      throw new Error('no')
    },
  }

  test.each([
    ['a bigint, as its digits', { field: 5n }, { field: '5' }],
    ['a circle, by leaving the fields out', { field: circle }, { requestId: 'id' }],
    ['a getter that throws, likewise', { field: throwing }, { requestId: 'id' }],
  ])('even with %s', (_name, fields, expected) => {
    expect(lineOf(logger => logger.log('error', 'm', { requestId: 'id', ...fields }))).toMatchObject({
      msg: 'm',
      ...expected,
    })
  })

  test('of a call, whose fields cannot speak in its place', () => {
    const payload = { msg: 'request', level: 'error', requestId: 'another', replica: 7, status: 200 }
    const line = lineOf(logger => callLogger(logger, 'id').log('info', 'm', payload))
    expect(line).toEqual({
      ...{ level: 'info', time: expect.any(String), msg: 'm', requestId: 'id', status: 200 },
      ...{ msg_: 'request', level_: 'error', requestId_: 'another', replica_: 7 },
    })
  })

  test('with fields that are always there', () => {
    const line = lineOf(logger => callLogger(logger, 'id').info('m', { a: 2 }))
    expect(line).toMatchObject({ requestId: 'id', a: 2, level: 'info' })
  })
})
