import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RequestFields } from '../../../src/log/request-fields.ts'
import { createLogger } from '../../../src/process/log/create-logger.ts'

const REQUEST = {
  requestId: '48506aa4-0000-4000-8000-000000000000',
  method: 'POST',
  route: '/predict',
  status: 200,
  ms: 53.2,
  bytes: 248,
  client: '127.0.0.1',
  principal: undefined,
  reason: undefined,
  issue: undefined,
  count: undefined,
}
const { requestId } = REQUEST
let text = ''
const logger = () => {
  text = ''
  return createLogger({ format: 'pretty', stream: { write: line => (text += line) } })
}
const request = (changes: Partial<typeof REQUEST> | Record<string, unknown> = {}) => {
  logger().log('info', 'request', new RequestFields({ ...REQUEST, ...changes } as RequestFields))
  return text
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 26, 16, 23, 40) })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the line of a request', () => {
  it('says what was asked, what came of it, how long it took and which it was', () => {
    expect(request()).toBe('16:23:40 POST /predict 200 53 ms 248 B  48506aa4\n')
  })

  it.each<[Record<string, unknown>, string]>([
    [{ ms: 0.412, bytes: 12_700 }, '16:23:40 POST /predict 200 0.4 ms 12.4 KiB  48506aa4\n'],
    [{ ms: 1203, bytes: undefined }, '16:23:40 POST /predict 200 1.20 s  48506aa4\n'],
    [{ ms: 999.6, bytes: 3 * 1024 ** 2 }, '16:23:40 POST /predict 200 1.00 s 3.0 MiB  48506aa4\n'],
    [
      { status: 422, reason: 'invalid_payload', issue: '#/text must be a string' },
      '16:23:40 POST /predict 422 53 ms 248 B  48506aa4  invalid_payload  #/text must be a string\n',
    ],
    [
      { status: 401, reason: 'unauthorized', client: '10.0.0.7' },
      '16:23:40 POST /predict 401 53 ms 248 B  48506aa4  unauthorized  10.0.0.7\n',
    ],
    [{ principal: 'billing', count: 12 }, '16:23:40 POST /predict 200 53 ms 248 B  48506aa4  billing  ×12\n'],
    [{ requestId: 'r1' }, '16:23:40 POST /predict 200 53 ms 248 B  r1\n'],
  ])('with %j', (changes, line) => {
    expect(request(changes)).toBe(line)
  })

  it('is one line of at most 100 columns, without control characters', () => {
    const line = request({
      reason: 'x'.repeat(200),
      principal: 'a\nb',
      route: `/${'r'.repeat(90)}`,
      method: 'P\u001b[2K',
    })
    expect(line.length).toBeLessThanOrEqual(101)
    expect(line.indexOf('\n')).toBe(line.length - 1)
    expect(line).not.toContain('\u001b')
  })

  it.each([
    [200, 32],
    [304, 36],
    [404, 33],
    [500, 31],
  ])('has the status %i in its colour where colours are on', (status, color) => {
    const lines: string[] = []
    const colored = createLogger({ format: 'pretty', colors: true, stream: { write: line => lines.push(line) } })
    colored.log('info', 'request', { ...REQUEST, status })
    expect(lines.join('')).toContain(`\u001b[${color}m${status}\u001b[0m`)
  })
})

describe('what predict writes', () => {
  it('stands below the line of its request, each line of its own, and the request is not named again', () => {
    const log = logger()
    log.log('info', 'one\ntwo', { requestId, replica: 0 })
    log.log('warn', 'three', { requestId, replica: 0, tries: 2 })
    log.log('info', 'of another', { requestId: 'other' })
    expect(text).toBe('')
    log.log('info', 'request', REQUEST)
    expect(text).toBe(
      [
        '16:23:40 POST /predict 200 53 ms 248 B  48506aa4',
        '           one',
        '           two',
        '           warn three tries=2',
        '',
      ].join('\n'),
    )
  })

  it('waits for that line a moment only, and is then shown under the id', () => {
    const log = logger()
    log.log('info', 'loading', { requestId })
    vi.advanceTimersByTime(299)
    expect(text).toBe('')
    vi.advanceTimersByTime(1)
    expect(text).toBe('16:23:40 …  48506aa4\n           loading\n')
    log.log('info', 'request', REQUEST)
    expect(text.split('\n').slice(2)).toEqual(['16:23:40 POST /predict 200 53 ms 248 B  48506aa4', ''])
  })

  it('does not wait where it is much', () => {
    const log = logger()
    for (let line = 0; line < 10; line += 1) log.log('info', 'x'.repeat(10_000), { requestId })
    expect(text).toMatch(/^16:23:40 … {2}48506aa4\n {11}x+\n/)
  })

  it('is shown when the process exits, and leaves no listener', () => {
    const before = process.listenerCount('exit')
    const log = logger()
    log.log('info', 'last words', { requestId })
    expect(process.listenerCount('exit')).toBe(before + 1)
    // The listener that was added, and no other, is asked as Node asks it.
    const [added] = process.listeners('exit')
    added?.(0)
    expect(text).toContain('last words')
    expect(process.listenerCount('exit')).toBe(before)
  })

  it('is an event of its own outside of a request', () => {
    logger().log('warn', 'half a line\nand a half', { replica: 1 })
    expect(text).toBe('16:23:40 warn half a line\\nand a half replica=1\n')
  })
})
