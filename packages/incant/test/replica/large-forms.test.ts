// @module-tag slow
import { readdirSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ReadingThread } from '../../src/replica/reading/reading-thread.ts'
import type { ParameterSignature } from '../../src/signature/signature.ts'
import { signatureOf } from '../app/_serving.ts'
import { eventually } from '../node/_served.ts'
import { NOTHING, type ReplicaOptions, type ServedReplicas, serveReplicas } from './_replicas.ts'

const MAIN = new URL('../../dist/reading-thread-worker.js', import.meta.url)

/** More than is kept in memory. */
const FILE = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251))

const FIELDS = {
  type: 'object',
  properties: {
    note: { type: 'string', maxLength: 5 },
    points: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
    file: { type: 'string', format: 'binary', 'x-incant-type': 'File' },
  },
  required: ['note', 'points', 'file'],
} as const

function serveForms(parameter: Partial<ParameterSignature>, options: ReplicaOptions = {}): Promise<ServedReplicas> {
  return serveReplicas('reading.js', {
    signature: signatureOf(parameter),
    exportName: 'Fields',
    documentReader: options => new ReadingThread(options, MAIN),
    ...options,
  })
}

function part(name: string, content: string | Buffer, fileName?: string): Buffer {
  const file = fileName === undefined ? '' : `; filename="${fileName}"\r\ncontent-type: image/x`
  const head = `--bb\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from('\r\n')])
}

const TYPE = 'multipart/form-data; boundary=bb'
const END = Buffer.from('--bb--\r\n')

/** Sent with a length, or in chunks, as clients do that do not know it. */
async function post(
  { server }: ServedReplicas,
  body: Buffer,
  isChunked = false,
): Promise<{ status: number; answer: unknown }> {
  const sent = isChunked ? new Blob([new Uint8Array(body)]).stream() : new Uint8Array(body)
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { 'content-type': TYPE },
    body: sent,
    duplex: 'half',
  }
  const response = await fetch(`${server.url}/predict`, init)
  return { status: response.status, answer: await response.json() }
}

/** Temporary files of this process, which have no names any more. */
function countFiles(): number {
  return readdirSync('/proc/self/fd').filter(descriptor => {
    try {
      // Each replica has one for the calls that it begins.
      return /\/incant-(?!begun)\S+ \(deleted\)$/.test(readlinkSync(`/proc/self/fd/${descriptor}`))
    } catch {
      return false
    }
  }).length
}

describe.each([
  ['with a length', false],
  ['in chunks', true],
])('a large form %s', (_way, isChunked) => {
  test('reaches predict as a small one does, and leaves no file', async () => {
    const served = await serveForms({ role: 'form', schema: FIELDS })
    const fields = [part('note', 'héé'), part('points', '[[1,2],[3]]')]
    for (const file of [FILE.subarray(0, 100), FILE]) {
      const body = Buffer.concat([...fields, part('file', file, 'a.bin'), END])
      const answer = { note: 3, points: [[1, 2], [3]], file: ['a.bin', 'image/x', file.length, 1] }
      expect(await post(served, body, isChunked)).toEqual({ status: 200, answer })
    }
    await eventually(() => countFiles() === 0)
  })

  test.each<[status: number, code: string, body: Buffer[]]>([
    [422, 'invalid_payload', [part('note', 'too long'), part('points', '[]'), part('file', FILE, 'a'), END]],
    [422, 'invalid_payload', [part('file', FILE, 'a'), END]],
    [400, 'invalid_form', [part('note', 'a'), part('points', '[]'), part('file', FILE, 'a')]],
    [400, 'invalid_form', [Buffer.from('no form'), FILE]],
    [400, 'invalid_utf8', [part('note', Buffer.from([0xff])), part('points', '[]'), part('file', FILE, 'a'), END]],
    [413, 'body_too_large', [...Array.from({ length: 1001 }, () => part('note', 'a')), part('file', FILE, 'a'), END]],
    [413, 'body_too_large', [part('file', Buffer.alloc(11_000_000), 'a'), END]],
  ])('is refused with %i %s', async (status, code, body) => {
    const served = await serveForms({ role: 'form', schema: FIELDS })
    expect(await post(served, Buffer.concat(body), isChunked)).toMatchObject({ status, answer: { code } })
    expect(served.engine.load).toEqual(NOTHING)
    await eventually(() => countFiles() === 0)
  })
})

test('a form takes no place of a call while it arrives, and none of it is left where its caller leaves', async () => {
  const served = await serveForms({ role: 'form', schema: FIELDS })
  const { hostname, port } = new URL(served.server.url)
  const socket = connect(Number(port), hostname)
  socket.write(
    `POST /predict HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: ${TYPE}\r\ncontent-length: 5000000\r\n\r\n`,
  )
  socket.write(part('file', FILE, 'a'))
  await eventually(() => countFiles() === 1)
  expect(served.engine.load).toEqual(NOTHING)
  socket.destroy()
  await eventually(() => countFiles() === 0)
  await eventually(() => served.lines.some(({ fields }) => fields['status'] === 499))
})

test('a form whose deadline passes in the queue leaves no file', async () => {
  const served = await serveForms({ role: 'form' }, { exportName: 'Waits', concurrency: 1, requestTimeout: '2s' })
  const body = Buffer.concat([part('file', FILE, 'a'), END])
  const answers = await Promise.all([post(served, body), post(served, body)])
  expect(answers.map(({ status }) => status)).toEqual([504, 504])
  await eventually(() => countFiles() === 0)
})
