// @module-tag slow
import { describe, expect, it } from 'vitest'
import { signatureOf } from '../app/_serving.ts'
import { eventually, type LoggedLine } from '../node/_served.ts'
import { ask, type ReplicaOptions, type ServedReplicas, serveReplicas } from './_replicas.ts'

const signature = signatureOf({ role: 'payload' }, { role: 'context' })

function serveWriting(options: ReplicaOptions = {}): Promise<ServedReplicas> {
  return serveReplicas('writing.js', { signature, ...options })
}

interface Words {
  readonly how: string
  readonly text?: string
  readonly bytes?: readonly number[]
  readonly level?: string
  readonly milliseconds?: number
}

/** Has predict write, under a request id. */
async function write(served: ServedReplicas, requestId: string, ...writes: readonly Words[]): Promise<number> {
  const response = await ask(served, { writes }, { headers: { 'x-request-id': requestId } })
  await response.arrayBuffer()
  return response.status
}

function linesOf({ lines }: ServedReplicas, requestId: string): LoggedLine[] {
  return lines.filter(({ fields }) => fields['requestId'] === requestId)
}

function find(served: ServedReplicas, text: string): LoggedLine | undefined {
  return served.lines.find(({ message }) => message.includes(text))
}

async function findEventually(served: ServedReplicas, text: string): Promise<LoggedLine | undefined> {
  await eventually(() => find(served, text) !== undefined)
  return find(served, text)
}

it('keeps the order of everything predict writes, and the line of the request comes last', async () => {
  const served = await serveWriting()
  const ways = ['log', 'stdout', 'context', 'error', 'stderr', 'debug', 'stdout', 'log']
  const writes = ways.map((how, index) => ({ how, text: `${index}${how.startsWith('std') ? '\n' : ''}` }))
  await write(served, 'r1', ...writes)
  await eventually(() => linesOf(served, 'r1').length === 9)
  expect(linesOf(served, 'r1').map(({ level, message }) => `${level} ${message}`)).toEqual([
    ...['info 0', 'info 1', 'info 2', 'error 3', 'warn 4', 'debug 5', 'info 6', 'info 7'],
    'info request',
  ])
  const own = linesOf(served, 'r1').slice(0, -1)
  expect(own.every(({ fields }) => fields['replica'] === 0)).toBe(true)
})

it('logs what is written outside of every call, as the module loads and in setup', async () => {
  const served = await serveWriting({ workers: 2 })
  for (const replica of [0, 1]) {
    const fields = { replica }
    expect(served.lines).toContainEqual({ level: 'info', message: 'written as the module loads', fields })
    expect(served.lines).toContainEqual({ level: 'warn', message: 'written in setup', fields })
  }
})

it('makes lines of pieces, for each request its own', async () => {
  const served = await serveWriting()
  const piece = (text: string): Words => ({ how: 'stdout', text })
  const slow: Words = { how: 'wait', milliseconds: 300 }
  await Promise.all([
    write(served, 'a', piece('one '), slow, piece('two\nthree\r\n\nfour\n')),
    write(served, 'b', piece('ein '), slow, piece('zwei\n')),
  ])
  const messages = (id: string) => linesOf(served, id).map(({ message }) => message)
  await eventually(() => messages('a').includes('request') && messages('b').includes('request'))
  expect(messages('a')).toEqual(['one two', 'three', 'four', 'request'])
  expect(messages('b')).toEqual(['ein zwei', 'request'])
})

it('does not wait for ever for the other half of a line', async () => {
  const served = await serveWriting()
  await write(served, 'r1', { how: 'stdout', text: 'by itself' })
  expect(await findEventually(served, 'by itself')).toMatchObject({ fields: { requestId: 'r1', replica: 0 } })
})

describe('what is written past JavaScript', () => {
  it('is logged line by line with the replica', async () => {
    const served = await serveWriting()
    await write(
      served,
      'r1',
      { how: 'native', text: 'native one\nnative two\n' },
      { how: 'nativeError', text: 'native error\n' },
      { how: 'child', text: 'from a child\n' },
    )
    const fields = { replica: 0 }
    for (const message of ['native one', 'native two', 'from a child'])
      expect(await findEventually(served, message)).toEqual({ level: 'info', message, fields })
    const error = await findEventually(served, 'native error')
    expect(error).toEqual({ level: 'warn', message: 'native error', fields })
  })

  it('shows bytes that are no text, and no more of a long line than its beginning', async () => {
    const served = await serveWriting()
    await write(
      served,
      'r1',
      { how: 'native', bytes: [0x61, 0xff, 0x00, 0x1b, 0x62, 0x0a] },
      { how: 'native', text: `${'ä'.repeat(1_000_000)}\n` },
      { how: 'native', text: 'after it\n' },
    )
    await findEventually(served, 'after it')
    const messages = served.lines.map(({ message }) => message)
    expect(messages).toContain('a\\xff\\x00\\x1bb')
    const long = messages.find(message => message.startsWith('ä'))
    expect(long).toBe(`${'ä'.repeat(8192)}… (1983616 more bytes)`)
  })
})

it('cuts a long text wherever it is written', async () => {
  const served = await serveWriting()
  const text = 'x'.repeat(100_000)
  await write(served, 'r1', { how: 'log', text }, { how: 'stdout', text: `${text}\n` })
  await eventually(() => linesOf(served, 'r1').length === 3)
  const [logged, written] = linesOf(served, 'r1').map(({ message }) => message)
  expect(logged).toBe(`${text.slice(0, 16_384)}… (83616 more characters)`)
  expect(written).toBe(`${text.slice(0, 16_384)}… (83616 more bytes)`)
})

describe('the last words of a replica', () => {
  it.each([
    ['exit', 3, null],
    ['abort', null, 'SIGABRT'],
  ])('are logged with their request when it ends by %s, also half a line', async (how, code, signal) => {
    const served = await serveWriting()
    const half: Words = { how: how === 'exit' ? 'stdout' : 'native', text: 'half a line' }
    const status = await write(served, 'r1', { how: 'log', text: 'a last line' }, half, { how })
    expect(status).toBe(500)
    expect(find(served, 'a last line')).toMatchObject({ fields: { requestId: 'r1', replica: 0 } })
    const expected = how === 'exit' ? { requestId: 'r1', replica: 0 } : { replica: 0 }
    expect(await findEventually(served, 'half a line')).toMatchObject({ fields: expected })
    expect(await findEventually(served, 'a replica died')).toMatchObject({ fields: { code, signal } })
    expect(served.lines.findIndex(({ message }) => message.startsWith('a replica died'))).toBeGreaterThan(
      served.lines.findIndex(({ message }) => message === 'half a line'),
    )
  })

  it('are the stack of what nobody caught, with its request', async () => {
    const served = await serveWriting()
    const wait: Words = { how: 'wait', milliseconds: 5000 }
    await write(served, 'r1', { how: 'stdout', text: 'before it' }, { how: 'stray', text: 'a stray' }, wait)
    const line = await findEventually(served, 'thrown outside')
    expect(line).toMatchObject({ level: 'error', fields: { requestId: 'r1', error: { message: 'a stray' } } })
    expect(JSON.stringify(line?.fields['error'])).toContain('writing.js')
    expect(find(served, 'before it')).toMatchObject({ fields: { requestId: 'r1' } })
  })

  it('are what V8 says of a heap that is full', async () => {
    const served = await serveWriting({ maxHeap: '64MiB' })
    await write(served, 'r1', { how: 'log', text: 'before it' }, { how: 'heap' })
    expect(find(served, 'before it')).toMatchObject({ fields: { requestId: 'r1' } })
    expect(await findEventually(served, 'heap out of memory')).toMatchObject({ level: 'warn', fields: { replica: 0 } })
    expect(await findEventually(served, 'a replica died: out_of_memory')).toBeDefined()
    // The frames of the native stack.
    expect(find(served, 'node::OOMErrorHandler') ?? find(served, 'Native stack trace')).toBeDefined()
  })
})

describe.each([0, 1])('with --workers %s', workers => {
  it('a listener of the signal writes under its request', async () => {
    const served = await serveWriting({ workers, requestTimeout: '1s' })
    const wait: Words = { how: 'wait', milliseconds: 3000 }
    expect(await write(served, 'timed-out', { how: 'onAbort', text: 'told of the deadline' }, wait)).toBe(504)
    expect(await findEventually(served, 'told of the deadline')).toMatchObject({ fields: { requestId: 'timed-out' } })
  })

  it('a listener of the signal writes under its request when the caller leaves', async () => {
    const served = await serveWriting({ workers })
    const leave = new AbortController()
    const writes: Words[] = [
      { how: 'log', text: 'begun' },
      { how: 'onAbort', text: 'told to leave' },
    ]
    const body = { writes: [...writes, { how: 'wait', milliseconds: 3000 }] }
    const init = { signal: leave.signal, headers: { 'x-request-id': 'left' } }
    const left = ask(served, body, init).catch(() => 'left')
    await findEventually(served, 'begun')
    leave.abort()
    expect(await left).toBe('left')
    expect(await findEventually(served, 'told to leave')).toMatchObject({ fields: { requestId: 'left' } })
  })
})

it('writes of a level that the log does not have do not leave the replica', async () => {
  const lines: string[] = []
  const logger = { level: 'warn', log: (_level: string, message: string) => void lines.push(message) } as const
  const served = await serveWriting({ logger })
  await write(served, 'r1', { how: 'log', text: 'quiet' }, { how: 'error', text: 'loud' })
  await eventually(() => lines.includes('loud'))
  expect(lines).not.toContain('quiet')
})
