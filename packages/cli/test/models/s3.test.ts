// @module-tag slow
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { findFreePort } from '../../../../tests/free-port.ts'
import type { Described, Listed } from '../../src/models/show.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testStore } from './store.ts'

// `.ci/run models` installs it, and says where.
const { MODEL_S3: MOTO = '' } = process.env

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'tester')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  vi.stubEnv('AWS_REGION', 'us-east-1')
  return () => vi.unstubAllEnvs()
})

/** A server that speaks S3, with a bucket `models`; what it is asked goes through here. */
async function startServer(): Promise<readonly string[]> {
  const port = await findFreePort()
  const child = spawn(MOTO, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore', detached: true })
  onTestFinished(async () => {
    const ended = once(child, 'exit')
    // A shim has started the server.
    process.kill(-(child.pid ?? 0), 'SIGKILL')
    await ended
  })
  const url = `http://127.0.0.1:${port}`
  const isUp = () =>
    fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(isUp, { timeout: 50_000 }).toBe(true)
  const client = new AwsClient({ accessKeyId: 'tester', secretAccessKey: 'secret', region: 'us-east-1', service: 's3' })
  expect((await client.fetch(`${url}/models`, { method: 'PUT' })).status).toBe(200)
  const requests: string[] = []
  const { fetch: original } = globalThis
  vi.stubGlobal('fetch', (input: URL, init: RequestInit) => {
    requests.push(`${init.method} ${input.pathname}`)
    return original(input, init)
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  vi.stubEnv('AWS_ENDPOINT_URL', url)
  return requests
}

describe.runIf(MOTO !== '')('S3', () => {
  it('gives back the version that it was given, and is sent no blob twice', { timeout: 120_000 }, async () => {
    const [one, other] = [testStore(), testStore()]
    const requests = await startServer()
    const folder = temporaryFolder({ 'a.bin': 'a', 'again.bin': 'a', 'weights.bin': 'w'.repeat(3 * 1024 ** 2) })
    const { digest } = await one.json<Listed>('create', 'words', folder, '--description', 'Trained on news')
    const pushed = await one.run('push', 'words', 's3://models/production')
    expect(pushed).toMatchObject({ stdout: 's3://models/production#words:v1\n', stderr: 'sent 3 blobs, 3.0 MiB\n' })
    const before = requests.length
    expect((await one.run('push', 'words', 's3://models/production')).stderr).toBe('sent 0 blobs, 0 B\n')
    expect(requests.slice(before).filter(request => request.startsWith('PUT'))).toEqual([])
    expect((await other.run('pull', 's3://models/production#words:v1')).stdout).toBe('words:v1\n')
    expect(await other.json<Described>('describe', 'words')).toMatchObject({
      digest,
      description: 'Trained on news',
      source: 's3://models/production#words:v1',
    })
    expect((await other.run('verify')).code).toBe(0)
    writeFileSync(join(folder, 'a.bin'), 'b')
    await other.run('create', 'words:v9', folder)
    await one.run('create', 'words:v9', temporaryFolder({ x: 'x' }))
    await one.run('push', 'words:v9', 's3://models/production')
    await expect(other.run('push', 'words:v9', 's3://models/production')).rejects.toMatchObject({
      code: 'model_exists',
      message: expect.stringContaining('s3://models/production has other files as words:v9'),
    })
    await expect(other.run('pull', 's3://models/production#words:v7')).rejects.toMatchObject({
      code: 'model_not_found',
    })
  })
})

describe('a place in S3 is refused', () => {
  it.each([
    ['s3://models/../x#words:v1', 'invalid_reference', 'is not a folder of a bucket'],
    ['s3://Models#words:v1', 'invalid_reference', 'is not a folder of a bucket'],
    ['s3://models#words', 'invalid_reference', 'does not name a version'],
  ])('%s', async (place, code, message) => {
    const refused = testStore().run('pull', place)
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it('without credentials, and with those that are not good', async () => {
    const server = createServer((_, response) => void response.writeHead(403).end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    // A server that listens on an address and a port.
    const { port } = server.address() as AddressInfo
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`)
    await expect(testStore().run('pull', 's3://models#words:v1')).rejects.toMatchObject({
      code: 'registry_refused',
      message: expect.stringContaining('s3://models answers with status 403'),
    })
    vi.stubEnv('AWS_ACCESS_KEY_ID', '')
    await expect(testStore().run('pull', 's3://models#words:v1')).rejects.toMatchObject({
      code: 'registry_refused',
      message: expect.stringContaining('there are no credentials for S3'),
    })
  })
})
