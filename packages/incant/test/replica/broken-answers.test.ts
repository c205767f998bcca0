// @module-tag slow
import { describe, expect, it } from 'vitest'
import { METRICS } from '../../src/metrics/definitions.ts'
import { scrapeUntil } from '../metrics/_scrape.ts'
import { RawConnection } from '../node/_raw-connection.ts'
import { eventually, post } from '../node/_served.ts'
import { ask, type ServedReplicas, serveReplicas } from './_replicas.ts'

/** What a caller saw of an answer: its status, and how much of its body came; `cut` where that is not all of it. */
async function readAnswer(served: ServedReplicas, payload: object): Promise<string> {
  const response = await ask(served, payload).catch(() => undefined)
  if (response === undefined) return 'cut'
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk)
    return `${response.status} ${text}`
  } catch {
    return `${response.status} ${text}, cut`
  }
}

/** The line of the request, and the error that the log gives as its cause. */
async function readLog({ lines }: ServedReplicas) {
  await eventually(() => lines.some(({ message }) => message === 'request'))
  const request = lines.find(({ message }) => message === 'request')?.fields
  const errors = lines.filter(({ level }) => level === 'error')
  const causes = errors.map(({ message, fields }) => `${message}: ${JSON.stringify(fields['error'] ?? '')}`)
  return { status: request?.['status'], reason: request?.['reason'], causes, ids: errors.map(({ fields }) => fields) }
}

const WEIGHTS = 'the weights are gone'

/** How an answer breaks, what its caller sees, and what the log says of it. */
const BREAKS: readonly [kind: string, seen: RegExp, cause: string][] = [
  ['response', /^200 begun, cut$/, WEIGHTS],
  ['stream', /^200 begun, cut$/, WEIGHTS],
  ['bytes', /^200 begun, cut$/, WEIGHTS],
  ['items', /^200 data: 1\n\nevent: error\ndata: \{.*"code":"internal".*\}\n\n, cut$/s, WEIGHTS],
  ['file', /^200 , cut$/, 'ENOENT'],
  ['text', /^200 begun, cut$/, 'with text in it, which is not a Uint8Array: encode text with a TextEncoderStream'],
  ['number', /^200 begun, cut$/, 'with a number in it'],
  ['object', /^200 begun, cut$/, 'with an object (Object) in it'],
  ['null', /^200 begun, cut$/, 'with null in it'],
  ['buffer', /^200 begun, cut$/, 'with an object (ArrayBuffer) in it'],
  ['short', /^200 four, cut$/, 'the Content-Length of the Response does not fit its body'],
  ['long', /^(?:200 , )?cut$/, 'the Content-Length of the Response does not fit its body'],
]

describe.each([0, 1])('an answer that breaks while it is sent, with %i replicas', workers => {
  it.each(BREAKS)('%s: its cause is in the log once, and nobody is said to have left', async (kind, seen, cause) => {
    const served = await serveReplicas('breaking.js', { workers, requestTimeout: '20s' })
    expect(await readAnswer(served, { kind })).toMatch(seen)
    const { status, reason, causes, ids } = await readLog(served)
    expect({ status, reason, causes }).toEqual({
      status: 500,
      reason: 'response_failed',
      causes: [expect.stringContaining(cause)],
    })
    expect(ids[0]).toMatchObject({ requestId: expect.any(String) })
    const metrics = await scrapeUntil(served.server, found => found.sum(METRICS.brokenAnswers.name) > 0)
    expect(metrics.value(METRICS.brokenAnswers.name, { reason: 'response_failed' })).toBe(1)
    expect(metrics.value(METRICS.requests.name, { route: '/predict', status: '500' })).toBe(1)
    expect(metrics.value(METRICS.requests.name, { status: '499' })).toBeUndefined()
  })

  it('by its deadline: the log and the metrics say so', async () => {
    const served = await serveReplicas('breaking.js', { workers, requestTimeout: '2s' })
    expect(await readAnswer(served, { kind: 'deadline' })).toBe('200 begun, cut')
    expect(await readLog(served)).toMatchObject({ status: 504, reason: 'deadline_exceeded', causes: [] })
    const metrics = await scrapeUntil(served.server, found => found.sum(METRICS.brokenAnswers.name) > 0)
    expect(metrics.value(METRICS.brokenAnswers.name, { reason: 'deadline_exceeded' })).toBe(1)
    expect(metrics.value(METRICS.requests.name, { route: '/predict', status: '504' })).toBe(1)
  })

  it('by a caller who leaves: 499, and no error', async () => {
    const served = await serveReplicas('breaking.js', { workers, requestTimeout: '20s' })
    const connection = await RawConnection.open(served.server.url)
    await connection.send(post('{"kind":"deadline"}')).until(received => received.includes('begun'))
    connection.destroy()
    expect(await readLog(served)).toMatchObject({ status: 499, reason: 'client_closed', causes: [] })
    const metrics = await scrapeUntil(
      served.server,
      found => found.value(METRICS.requests.name, { status: '499' }) === 1,
    )
    expect(metrics.sum(METRICS.brokenAnswers.name)).toBe(0)
  })
})

it('an answer whose replica dies is broken by us, and the death is its cause', async () => {
  const served = await serveReplicas('breaking.js', { requestTimeout: '20s' })
  expect(await readAnswer(served, { kind: 'exit' })).toBe('200 begun, cut')
  const { status, reason, causes } = await readLog(served)
  expect({ status, reason }).toEqual({ status: 500, reason: 'response_failed' })
  expect(causes.join()).toContain('the replica was gone before it answered: exited (code 7)')
})

describe.each([0, 1])('a Response that cannot be sent, with %i replicas', workers => {
  it.each([
    ['locked', 'its body is locked: something else has a reader of it'],
    ['read', 'its body has been read already'],
    ['header', 'its header x-name has a control character'],
    ['bodyless', 'its Content-Length is 5 and it has no body'],
  ])('%s: a 500 before anything is sent', async (kind, cause) => {
    const served = await serveReplicas('breaking.js', { workers })
    expect(await readAnswer(served, { kind })).toMatch(/^500 \{.*"code":"internal"/)
    expect(await readLog(served)).toMatchObject({
      status: 500,
      reason: 'internal',
      causes: [expect.stringContaining(cause)],
    })
  })

  it.each(['gzip', 'br', 'deflate'])('a copy of a fetched %s response goes out decoded, as it is', async coding => {
    const served = await serveReplicas('breaking.js', { workers })
    for (const encoded of [false, true]) {
      const response = await ask(served, { coding, encoded })
      expect(response.headers.get('content-encoding')).toBe(encoded ? coding : null)
      expect(await response.json()).toEqual({ hello: 'world '.repeat(50) })
    }
    expect(served.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('header values go out byte by byte, as Fetch has it', async () => {
    const served = await serveReplicas('breaking.js', { workers })
    const connection = await RawConnection.open(served.server.url)
    const received = await connection.send(post('{"kind":"latin"}')).until(text => text.includes('\r\n\r\n'))
    // What came is read as Latin-1: one character a byte.
    expect(received).toMatch(/\r\nx-name: M\xfcller\r\n/i)
    expect(received).toMatch(/\r\ncontent-disposition: inline; filename="\xe4"\r\n/i)
    connection.destroy()
  })
})
