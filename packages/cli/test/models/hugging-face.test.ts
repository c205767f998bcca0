import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import type { Described } from '../../src/models/show.ts'
import { testStore } from './store.ts'

const COMMIT = 'c0ffee'.padEnd(40, '0')
const LARGE = Buffer.alloc(300_000, 'w')
const FILES: Readonly<Record<string, Buffer>> = {
  'config.json': Buffer.from('{}'),
  'onnx/model.onnx': LARGE,
}

interface Habits {
  /** Ends the connection of the first large file after so many bytes. */
  readonly breakAfter?: number
  readonly lies?: boolean
  readonly paths?: readonly string[]
}

/** The routes of the hub that are used, for one repository; the requests that it got. */
async function startHub({ breakAfter, lies, paths = Object.keys(FILES) }: Habits = {}): Promise<readonly string[]> {
  const requests: string[] = []
  let breaks = breakAfter !== undefined
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://hub')
    requests.push(`${pathname} ${request.headers.range ?? ''}`.trim())
    if (pathname === '/api/models/team/words/revision/main')
      return sendJSON(response, { id: 'team/words', sha: COMMIT })
    if (pathname === `/api/models/team/words/tree/${COMMIT}`) return sendJSON(response, paths.map(toListed))
    const bytes = FILES[pathname.replace(`/team/words/resolve/${COMMIT}/`, '')]
    if (bytes === undefined) return void response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end('{}')
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const part = bytes.subarray(Number(from), to === '' ? bytes.length : Number(to) + 1)
    const sent = lies ? Buffer.alloc(part.length, 'x') : part
    response.writeHead(206, {
      'content-length': sent.length,
      'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}`,
      etag: '"x"',
    })
    if (!breaks || sent.length < 1000) return void response.end(sent)
    breaks = false
    response.write(sent.subarray(0, breakAfter), () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on an address and a port.
  const { port } = server.address() as AddressInfo
  vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${port}`)
  return requests
}

function sendJSON(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function toListed(path: string): unknown {
  const bytes = FILES[path] ?? Buffer.alloc(0)
  const oid = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  if (bytes !== LARGE) return { type: 'file', path, size: bytes.length, oid }
  const lfs = { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, pointerSize: 133 }
  return { type: 'file', path, size: bytes.length, oid: 'a'.repeat(40), lfs }
}

beforeEach(() => () => vi.unstubAllEnvs())

it('pulls a repository, pinned to its commit', async () => {
  const requests = await startHub()
  const store = testStore()
  expect((await store.run('pull', 'hf:team/words')).stdout).toBe('words:v1\n')
  const { source, contents } = await store.json<Described>('describe', 'words')
  expect(source).toBe(`hf:team/words@${COMMIT}`)
  expect(contents.map(({ path, size }) => [path, size])).toEqual([
    ['config.json', 2],
    ['onnx/model.onnx', LARGE.length],
  ])
  expect((await store.run('verify')).code).toBe(0)
  // What the store has is not fetched again.
  const before = requests.length
  expect((await store.run('pull', 'hf:team/words@main', 'others')).stdout).toBe('others:v1\n')
  expect(requests.slice(before).filter(request => request.includes('model.onnx'))).toEqual([])
})

it('pulls what is wanted alone, under the name that is given', async () => {
  await startHub()
  const store = testStore()
  await store.run('pull', 'hf:team/words', 'labels:en', '--only', 'onnx/')
  expect((await store.json<Described>('describe', 'labels:en')).contents.map(({ path }) => path)).toEqual([
    'onnx/model.onnx',
  ])
  await expect(store.run('pull', 'hf:team/words', '--only', 'absent')).rejects.toMatchObject({
    code: 'invalid_model',
    message: expect.stringContaining('hf:team/words has no such file'),
  })
})

it('continues after a break', async () => {
  const requests = await startHub({ breakAfter: 100_000 })
  const store = testStore()
  await store.run('pull', 'hf:team/words')
  expect((await store.run('verify')).code).toBe(0)
  expect(requests.some(request => /model\.onnx bytes=[1-9]\d*-/.test(request))).toBe(true)
})

it.each([
  ['other bytes than it names', { lies: true }, 'with other bytes than'],
  ['a path that leaves its folder', { paths: ['../evil'] }, 'is not a path below a folder'],
])('refuses a hub that sends %s', async (_, habits, message) => {
  await startHub(habits)
  const store = testStore()
  await expect(store.run('pull', 'hf:team/words')).rejects.toMatchObject({
    code: 'invalid_model',
    message: expect.stringContaining(message),
  })
  expect(await store.json('list')).toEqual([])
})

it('says what is missing or misspelt', async () => {
  await startHub()
  await expect(testStore().run('pull', 'hf:team/wrods')).rejects.toMatchObject({ code: 'model_not_found' })
  await expect(testStore().run('pull', 'hf:words')).rejects.toMatchObject({ code: 'invalid_reference' })
  await expect(testStore().run('push', 'words', 'hf:team/words')).rejects.toMatchObject({ code: 'model_not_found' })
})
