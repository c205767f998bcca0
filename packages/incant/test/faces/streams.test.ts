// @module-tag slow
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { DocumentReaderFactory } from '../../src/http/document-reader.ts'
import type { ServeInternals } from '../../src/node/serve-options.ts'
import { ReadingThread } from '../../src/replica/reading/reading-thread.ts'
import type { PredictSignature } from '../../src/signature/signature.ts'
import { signatureOf } from '../app/_serving.ts'
import { NOTHING, serveReplicas } from '../replica/_replicas.ts'
import { TEST_FACE } from './_test-face.ts'

const signature: PredictSignature = signatureOf({ role: 'payload', protocol: 'openai.chat' })

/** The thread runs the package as it is built. */
const READING_MAIN = new URL('../../dist/reading-thread-worker.js', import.meta.url)

const OPTIONS: ServeInternals = { signature, faces: [TEST_FACE] }

async function open(workers: number, options: ServeInternals = {}) {
  const served = await serveReplicas('answering.js', { ...OPTIONS, workers, ...options })
  const ask = (body: object, init: RequestInit = {}) =>
    fetch(`${served.server.url}/t1/call`, { method: 'POST', body: JSON.stringify(body), ...init })
  const requests = () => served.lines.filter(({ message }) => message === 'request').map(({ fields }) => fields)
  return { ...served, ask, requests }
}

/** The events of a whole answer. */
function eventsOf(text: string): readonly unknown[] {
  return text.split('\n\n').flatMap(event => (event === '' ? [] : [JSON.parse(event.slice('data: '.length))]))
}

describe.each([0, 1])('a stream on a protocol, with --workers %i', workers => {
  it('has the items, and at its end what the generator returned', async () => {
    const { ask } = await open(workers)
    const response = await ask({ payload: { kind: 'items' }, answer: 'items' })
    expect(eventsOf(await response.text())).toEqual([
      ...[0, 1, 2].map(index => ({ item: { index, text: 'ä' } })),
      { returned: { finish_reason: 'stop', tokens: 3 } },
    ])
  })

  it('is an error as a whole where it fails before its first item', async () => {
    const { ask } = await open(workers)
    const response = await ask({ payload: { kind: 'first' }, answer: 'items' })
    expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/json'])
  })

  it('ends as one that is whole where the face has told of a failure, which the log and the metrics know', async () => {
    const { ask, requests, lines, server } = await open(workers)
    const response = await ask({ payload: { kind: 'middle' }, answer: 'items' })
    expect(response.status).toBe(200)
    const events = eventsOf(await response.text())
    expect(events.slice(0, 2)).toEqual([{ item: { index: 0, text: 'ä' } }, { item: { index: 1, text: 'ä' } }])
    expect(events[2]).toMatchObject({ error: { status: 500, code: 'internal' } })
    await expect.poll(requests).toHaveLength(1)
    expect(requests()[0]).toMatchObject({ protocol: 'openai', status: 500, reason: 'response_failed' })
    const told = lines.filter(({ level }) => level === 'error')
    expect(told.map(({ message, fields }) => [message, fields['requestId']])).toEqual([
      ['predict failed', requests()[0]?.['requestId']],
    ])
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toContain('incant_requests_total{method="POST",route="/t1/call",protocol="openai",status="500"} 1')
    expect(metrics).toContain('incant_request_duration_seconds_count{route="/t1/call",protocol="openai"} 1')
    expect(metrics).toContain('incant_broken_answers_total{reason="response_failed"} 1')
  })

  it('stops when its reader leaves', async () => {
    const { ask, requests } = await open(workers)
    const folder = mkdtempSync(join(tmpdir(), 'incant-faces-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const note = join(folder, 'note')
    const leave = new AbortController()
    const response = await ask({ payload: { kind: 'endless', note }, answer: 'items' }, { signal: leave.signal })
    await response.body?.getReader().read()
    leave.abort()
    await expect.poll(() => existsSync(note)).toBe(true)
    await expect.poll(requests).toHaveLength(1)
    expect(requests()[0]).toMatchObject({ status: 499, reason: 'client_closed' })
  })

  it('and every other call of the exchange end with its answer', async () => {
    const { engine, server } = await open(workers)
    const folder = mkdtempSync(join(tmpdir(), 'incant-faces-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const notes = ['a', 'b'].map(name => join(folder, name))
    const [payload, pending] = notes.map(note => ({ kind: 'endless', note }))
    const init = { method: 'POST', body: JSON.stringify({ payload, pending }) }
    const response = await fetch(`${server.url}/t1/leave`, init)
    expect(await response.json()).toEqual({ kind: 'items' })
    await expect.poll(() => existsSync(notes[0] ?? '')).toBe(true)
    await expect.poll(() => engine.load).toEqual(NOTHING)
  })

  it('ends at the deadline, which the face tells', async () => {
    const { ask, requests } = await open(workers, { requestTimeout: '3s' })
    const folder = mkdtempSync(join(tmpdir(), 'incant-faces-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const response = await ask({ payload: { kind: 'endless', note: join(folder, 'note') }, answer: 'items' })
    const text = await response.text()
    expect(text.slice(text.lastIndexOf('data: '))).toContain('"code":"deadline_exceeded"')
    await expect.poll(requests).toHaveLength(1)
    expect(requests()[0]).toMatchObject({ status: 504, reason: 'deadline_exceeded' })
  })

  it('gives typed arrays and bytes to the face as they are', async () => {
    const { ask } = await open(workers)
    const blob = await ask({ payload: { kind: 'blob' } })
    expect(await blob.json()).toEqual({ answers: [{ contentType: 'image/png', text: 'pixels' }] })
    const response = await ask({ payload: { kind: 'response' } })
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      201,
      'text/vtt',
      'own',
    ])
  })
})

it('reads large bodies beside the event loop, with the same answers', async () => {
  const lengths: number[] = []
  const documentReader: DocumentReaderFactory = options => {
    const thread = new ReadingThread(options, READING_MAIN)
    return {
      placeOf: bytes => thread.placeOf(bytes),
      gather: (body, onOver) => thread.gather(body, onOver),
      read: (bytes, how) => {
        lengths.push(bytes.length)
        return thread.read(bytes, how)
      },
      unpack: document => thread.unpack(document),
      close: () => thread.close(),
    }
  }
  const { ask, lines } = await open(1, { maxJsonDepth: 10, documentReader })
  const text = 'ä'.repeat(200_000)
  const large = await ask({
    payload: { kind: 'object', text, numbers: Array.from({ length: 50_000 }, (_, n) => n / 7) },
  })
  expect(large.status).toBe(200)
  const deep = await ask({ payload: { kind: 'object', text, deep: [[[[[[[[[[1]]]]]]]]]] } })
  expect(await deep.json()).toMatchObject({ status: 400, code: 'too_deep', error: { read: false } })
  const many = await ask({ payload: { kind: 'object', many: Array.from({ length: 100_001 }, () => []) } })
  expect(await many.json()).toMatchObject({ status: 413, code: 'body_too_large', error: { read: false } })
  const numbers = await ask({ payload: { kind: 'object', numbers: Array.from({ length: 200_000 }, (_, n) => n) } })
  expect(numbers.status).toBe(200)
  // Each of them was read there.
  expect(lengths).toHaveLength(4)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
})
