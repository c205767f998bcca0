import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { bytesContent } from '../../src/content/content.ts'
import { downloadBlob, uploadBlob } from '../../src/oci/blobs.ts'
import { makeImage } from '../../src/oci/image.ts'
import { pushImage } from '../../src/oci/push.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { Registry } from '../../src/oci/registry.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type Habits, startRegistry } from './fake-registry.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const BLOB = bytesContent(Buffer.alloc(3_000_000, 'incant'))
const PLATFORM = { os: 'linux', architecture: 'amd64' }

async function start(habits: Habits = {}) {
  const server = await startRegistry(habits)
  return { server, registry: new Registry(parseReference(`${server.host}/words:v1`)) }
}

test('an image is pushed once: a second push sends no blob', async () => {
  const { server, registry } = await start()
  const image = makeImage({ platform: PLATFORM, layers: [{ content: BLOB, createdBy: 'incant' }] })
  expect(await pushImage(registry, image, { name: 'v1' })).toEqual({
    sent: 2,
    bytes: BLOB.size + image.config.size,
  })
  const first = server.requests.length
  expect(await pushImage(registry, image, { name: 'v1' })).toEqual({ sent: 0, bytes: 0 })
  expect(server.requests.slice(first).filter(line => !line.startsWith('HEAD'))).toEqual([])
  const read = await registry.readDocument()
  expect(read.digest).toBe(image.manifest.digest)
  expect(read.document).toMatchObject({ layers: [{ digest: BLOB.digest, size: BLOB.size }] })
})

test.each([
  ['from where the registry says', true],
  ['from the beginning where it says nothing', false],
])('an upload continues after a break %s', async (_name, resumes) => {
  const { server, registry } = await start({ breakUploadAfter: 1_000_000, resumes })
  const sizes: number[] = []
  expect(await uploadBlob(registry, BLOB, size => sizes.push(size))).toBe('sent')
  expect(server.blobs.get(BLOB.digest)?.length).toBe(BLOB.size)
  expect(server.requests.filter(line => line.startsWith('POST'))).toHaveLength(resumes ? 1 : 2)
  expect(sizes.at(-1)).toBe(BLOB.size)
})

test('a download continues after a break, and asks for the rest alone', async () => {
  const { server, registry } = await start({ breakDownloadAfter: 1_000_000 })
  await uploadBlob(registry, BLOB)
  const path = join(temporaryFolder(), 'blob')
  const sizes: number[] = []
  await downloadBlob(registry, BLOB, { path, onProgress: size => sizes.push(size) })
  expect(readFileSync(path).equals(Buffer.alloc(3_000_000, 'incant'))).toBe(true)
  expect(server.requests.filter(line => line.startsWith('GET'))).toHaveLength(2)
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
})

test('what another process has left of a download is kept', async () => {
  const { registry } = await start()
  await uploadBlob(registry, BLOB)
  const path = join(temporaryFolder(), 'blob')
  writeFileSync(path, Buffer.alloc(1_000_000, 'incant'))
  const sizes: number[] = []
  await downloadBlob(registry, BLOB, { path, onProgress: size => sizes.push(size) })
  expect(sizes[0]).toBeGreaterThan(1_000_000)
})

test('bytes of another digest are refused, and none of them stays', async () => {
  const { registry } = await start({ lies: true })
  await uploadBlob(registry, BLOB)
  const path = join(temporaryFolder(), 'blob')
  await expect(downloadBlob(registry, BLOB, { path })).rejects.toMatchObject({ code: 'invalid_image' })
  expect(readFileSync(path).length).toBe(0)
})

test('a registry that is busy is asked again', async () => {
  const { registry } = await start({ isBusy: true })
  expect(await registry.hasBlob(BLOB.digest)).toBe(false)
})

test('a token is fetched with the credentials of docker login', async () => {
  const { server, registry } = await start({ login: 'ada:secret' })
  const auth = Buffer.from('ada:secret').toString('base64')
  const folder = temporaryFolder({ 'config.json': JSON.stringify({ auths: { [server.host]: { auth } } }) })
  vi.stubEnv('DOCKER_CONFIG', folder)
  expect(await uploadBlob(registry, BLOB)).toBe('sent')
  expect(server.requests.filter(line => line === 'GET /token')).toHaveLength(1)
})

test('a credential helper is asked, with the registry on its standard input', async () => {
  const { server, registry } = await start({ login: 'ada:secret' })
  const answer = '{"Username":"ada","Secret":"secret"}'
  const folder = temporaryFolder({
    'config.json': JSON.stringify({ credHelpers: { [server.host]: 'incanttest' } }),
    'docker-credential-incanttest': `#!/bin/sh\n[ "$(cat)" = "${server.host}" ] && echo '${answer}'\n`,
  })
  chmodSync(join(folder, 'docker-credential-incanttest'), 0o755)
  vi.stubEnv('DOCKER_CONFIG', folder)
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
  expect(await registry.hasBlob(BLOB.digest)).toBe(false)
})

test('without credentials the error says how to log in', async () => {
  const { server, registry } = await start({ login: 'ada:secret' })
  vi.stubEnv('DOCKER_CONFIG', temporaryFolder())
  await expect(registry.hasBlob(BLOB.digest)).rejects.toMatchObject({
    code: 'registry_refused',
    instead: `Log in: docker login ${server.host}`,
  })
})

test('an image that is not there is named', async () => {
  const { server, registry } = await start()
  await expect(registry.readDocument()).rejects.toMatchObject({
    code: 'image_not_found',
    found: `${server.host} has no v1 in words`,
  })
})
