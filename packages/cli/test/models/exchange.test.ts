import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { bytesContent, type Content, generatedContent, jsonContent } from '../../src/content/content.ts'
import { hexOf } from '../../src/content/digest.ts'
import { type TarEntry, writeTar } from '../../src/content/tar.ts'
import type { Described, Listed } from '../../src/models/show.ts'
import { listFolder } from '../../src/models/store/disk.ts'
import { makeManifest } from '../../src/models/store/manifest.ts'
import { describe as descriptorOf, makeImage } from '../../src/oci/image.ts'
import { pushImage } from '../../src/oci/push.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { Registry } from '../../src/oci/registry.ts'
import { startRegistry } from '../oci/fake-registry.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type TestStore, testStore } from './store.ts'

const LARGE = 5 * 1024 ** 2

/** A store with `words:v1`: small files, and a large one, which is a layer alone. */
async function prepare(): Promise<TestStore & { readonly folder: string }> {
  const store = testStore()
  const folder = temporaryFolder({ 'a.bin': 'a', 'b/c.bin': 'c', 'weights.bin': 'w'.repeat(LARGE) })
  await store.run('create', 'words', folder, '--description', 'Trained on news', '--metadata', 'accuracy=0.93')
  return { ...store, folder }
}

async function digestOf(store: TestStore, id: string): Promise<string> {
  return (await store.json<Listed>('describe', id)).digest
}

describe('incant model export and import', () => {
  it('give the same version in another store', async () => {
    const [one, other] = [await prepare(), testStore()]
    const file = join(temporaryFolder(), 'words.tar')
    await one.run('export', 'words:v1', file)
    expect((await other.run('import', file)).stdout).toBe('words:v1\n')
    expect(await digestOf(other, 'words:v1')).toBe(await digestOf(one, 'words:v1'))
    expect(await other.json<Described>('describe', 'words')).toMatchObject({
      description: 'Trained on news',
      metadata: { accuracy: '0.93' },
    })
    expect((await other.run('verify')).code).toBe(0)
    expect((await other.run('import', file, 'copies:x', '--tag', 'production')).stdout).toBe('copies:x\n')
    expect((await other.json<Described>('describe', 'copies:production')).version).toBe('x')
  })

  it('write the same archive each time', async () => {
    const store = await prepare()
    const folder = temporaryFolder()
    for (const name of ['one.tar', 'other.tar']) await store.run('export', 'words', join(folder, name))
    expect(readFileSync(join(folder, 'one.tar')).equals(readFileSync(join(folder, 'other.tar')))).toBe(true)
    expect(await listFolder(folder)).toEqual(['one.tar', 'other.tar'])
  })

  it('know folders, too', async () => {
    const [one, other] = [await prepare(), testStore()]
    const folder = join(temporaryFolder(), 'words')
    await one.run('export', 'words', folder)
    expect(existsSync(join(folder, 'b/c.bin'))).toBe(true)
    expect((await other.run('import', folder, 'words')).stdout).toBe('words:v1\n')
    expect(await digestOf(other, 'words')).toBe(await digestOf(one, 'words'))
    await expect(one.run('export', 'words', folder)).rejects.toMatchObject({ code: 'invalid_option' })
    await expect(other.run('import', folder)).rejects.toMatchObject({ code: 'missing_argument' })
    writeFileSync(join(folder, 'a.bin'), 'b')
    await expect(other.run('import', folder, 'words')).rejects.toMatchObject({
      code: 'model_damaged',
      message: expect.stringContaining('a.bin in'),
    })
    await expect(other.run('import', temporaryFolder({ x: '' }), 'words')).rejects.toMatchObject({
      code: 'invalid_model',
    })
  })
})

/** An archive with an image of these layers, as a person who means harm may write it. */
async function writeArchive(layers: readonly (readonly TarEntry[])[], more: readonly TarEntry[] = []): Promise<string> {
  const contents = await Promise.all(layers.map(entries => generatedContent(() => writeTar(entries))))
  const image = makeImage({
    platform: { os: 'linux', architecture: 'amd64' },
    layers: contents.map(content => ({ content, createdBy: '' })),
  })
  const manifests = [descriptorOf(image.manifest, 'application/vnd.oci.image.manifest.v1+json')]
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests }
  const blobs = [image.manifest, image.config, ...contents].map(content =>
    toFile(`blobs/sha256/${hexOf(content.digest)}`, content),
  )
  const path = join(temporaryFolder(), 'evil.tar')
  await pipeline(writeTar([toFile('index.json', jsonContent(index)), ...blobs, ...more]), createWriteStream(path))
  return path
}

function toFile(path: string, content: Content): TarEntry {
  return { kind: 'file', path, content }
}

const A = bytesContent(Buffer.from('a'))
const AS = bytesContent(Buffer.from('aa'))
const listOf = (...paths: readonly string[]): TarEntry =>
  toFile(
    'models/incant.model.json',
    bytesContent(makeManifest(paths.map(path => ({ path, size: 1, digest: A.digest }))).bytes),
  )

describe('an archive is refused', () => {
  it.each<[string, readonly (readonly TarEntry[])[], readonly TarEntry[], string]>([
    ['with a path that leaves it', [[listOf('../a'), toFile('models/../a', A)]], [], '"../a" in incant.model.json'],
    ['with an absolute path', [[listOf('/a')]], [], 'is an absolute path'],
    [
      'with a link',
      [[listOf('a'), { kind: 'link', path: 'models/a', target: '/etc/passwd' }]],
      [],
      'has a, which is neither a file nor a folder',
    ],
    ['with a file below a file', [[listOf('a', 'a/b')]], [], 'is below a path that is a file'],
    [
      'with a file that is not in its list',
      [[listOf('a'), toFile('models/b', A)]],
      [],
      'has b, which its list does not name',
    ],
    ['with a file twice', [[listOf('a'), toFile('models/a', A), toFile('models/a', A)]], [], 'or has it twice'],
    ['with a file that is too large', [[listOf('a'), toFile('models/a', AS)]], [], 'has a with 2 bytes in place of 1'],
    [
      'with other bytes',
      [[listOf('a'), toFile('models/a', bytesContent(Buffer.from('b')))]],
      [],
      'has a with other bytes',
    ],
    ['without a file', [[listOf('a', 'b'), toFile('models/a', A)]], [], 'lacks b'],
    ['without a list', [[toFile('models/a', A)]], [], 'has a before the list of its files'],
    ['with nothing', [[]], [], 'has no models/incant.model.json'],
    ['with two lists', [[listOf('a'), listOf('a')]], [], 'has incant.model.json twice'],
    ['with a name that no layout has', [[listOf('a'), toFile('models/a', A)]], [toFile('../evil', A)], 'has "../evil"'],
    [
      'with a device',
      [[listOf('a'), toFile('models/a', A)]],
      [{ kind: 'link', path: 'oci-layout', target: '/dev/zero' }],
      'has "oci-layout"',
    ],
  ])('%s', async (_, layers, more, message) => {
    const store = testStore()
    const file = await writeArchive(layers, more)
    await expect(store.run('import', file, 'words')).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringContaining(message),
    })
    expect(await store.json('list')).toEqual([])
    expect(await listFolder(store.layout.staging)).toEqual([])
  })

  it('that is cut off, or is none', async () => {
    const store = await prepare()
    const file = join(temporaryFolder(), 'words.tar')
    await store.run('export', 'words', file)
    writeFileSync(file, readFileSync(file).subarray(0, 2 * 1024 ** 2))
    await expect(store.run('import', file)).rejects.toMatchObject({ code: 'invalid_model' })
    await expect(store.run('import', join(store.folder, 'a.bin'))).rejects.toMatchObject({ code: 'invalid_model' })
  })
})

describe('incant model push and pull', () => {
  it('give the same version, and send no blob a second time', async () => {
    const [one, other, registry] = [await prepare(), testStore(), await startRegistry()]
    const pushed = await one.run('push', 'words:v1', `${registry.host}/words`)
    expect(pushed.stdout).toMatch(/^127\.0\.0\.1:\d+\/words:v1@sha256:[0-9a-f]{64}\n$/)
    // A list of files with small ones, a large file, a configuration.
    expect(pushed.stderr).toMatch(/^sent 3 blobs, 5\.0 MiB/)
    expect((await one.run('push', 'words:v1', `${registry.host}/words`)).stderr).toBe('sent 0 blobs, 0 B\n')
    expect((await other.run('pull', `${registry.host}/words:v1`)).stdout).toBe('words:v1\n')
    expect(await digestOf(other, 'words:v1')).toBe(await digestOf(one, 'words:v1'))
    expect((await other.json<Described>('describe', 'words')).source).toBe(pushed.stdout.trim())
    expect((await other.run('verify')).code).toBe(0)
  })

  it('send what is new of a version alone', async () => {
    const [store, registry] = [await prepare(), await startRegistry()]
    await store.run('push', 'words:v1', `${registry.host}/words`)
    writeFileSync(join(store.folder, 'a.bin'), 'b')
    await store.run('create', 'words', store.folder)
    const { stderr } = await store.run('push', 'words:v2', `${registry.host}/words`)
    expect(stderr).toMatch(/^sent 2 blobs, \d+\.\d KiB\n$/)
  })

  it('put a version on top of another image', async () => {
    const [one, other, registry] = [await prepare(), testStore(), await startRegistry()]
    const shell = await generatedContent(() =>
      writeTar([toFile('bin/sh', A), { kind: 'link', path: 'bin/ash', target: 'sh' }]),
    )
    const platform = { os: 'linux', architecture: 'amd64' }
    const image = makeImage({ platform, layers: [{ content: shell, createdBy: '' }] })
    await pushImage(new Registry(parseReference(`${registry.host}/words:base`)), image, { name: 'base' })
    const base = ['--base', `${registry.host}/words:base`]
    expect((await one.run('push', 'words', `${registry.host}/words`, ...base)).stderr).toMatch(/^sent 3 blobs/)
    const { document } = await new Registry(parseReference(`${registry.host}/words:v1`)).readDocument()
    expect('layers' in document && document.layers.map(({ digest }) => digest)).toEqual([
      shell.digest,
      expect.any(String),
      expect.any(String),
    ])
    await other.run('pull', `${registry.host}/words:v1`)
    expect(await digestOf(other, 'words:v1')).toBe(await digestOf(one, 'words:v1'))
  })

  it('download nothing that the store has', async () => {
    const [store, registry] = [await prepare(), await startRegistry()]
    await store.run('push', 'words', `${registry.host}/words`)
    const before = registry.requests.length
    await store.run('pull', `${registry.host}/words:v1`, 'copies')
    expect(registry.requests.slice(before)).toEqual(['GET /v2/words/manifests/v1'])
  })

  it('refuse a tag that has another image', async () => {
    const [store, registry] = [await prepare(), await startRegistry()]
    await store.run('create', 'words', temporaryFolder({ x: 'x' }))
    await store.run('push', 'words:v1', `${registry.host}/words:stable`)
    await expect(store.run('push', 'words:v2', `${registry.host}/words:stable`)).rejects.toMatchObject({
      code: 'model_exists',
      message: expect.stringContaining('is another image than that of words:v2'),
    })
    expect((await store.run('push', 'words:v2', `${registry.host}/words:stable`, '--replace')).code).toBe(0)
  })

  it('continue after a break', async () => {
    const [one, other] = [await prepare(), testStore()]
    const registry = await startRegistry({ breakDownloadAfter: 100_000 })
    await one.run('push', 'words', `${registry.host}/words`)
    expect((await other.run('pull', `${registry.host}/words:v1`)).code).toBe(0)
    expect((await other.run('verify')).code).toBe(0)
  })

  it('refuse a registry that sends other bytes, and keep none of them', async () => {
    const [one, other] = [await prepare(), testStore()]
    const registry = await startRegistry({ lies: true })
    await one.run('push', 'words', `${registry.host}/words`)
    await expect(other.run('pull', `${registry.host}/words:v1`)).rejects.toMatchObject({ code: 'invalid_image' })
    expect(await other.json('list')).toEqual([])
  })

  it('continue what a process that was killed began', async () => {
    const [one, other, registry] = [await prepare(), testStore(), await startRegistry()]
    await one.run('push', 'words', `${registry.host}/words`)
    const layer = [...registry.blobs].find(([, bytes]) => bytes.length > LARGE)
    const dead = join(other.layout.staging, '999999-dead')
    mkdirSync(dead, { recursive: true })
    const [digest = '', bytes = Buffer.alloc(0)] = layer ?? []
    writeFileSync(join(dead, `download-${digest.replace('sha256:', '')}`), bytes)
    const before = registry.requests.length
    await other.run('pull', `${registry.host}/words:v1`)
    expect(registry.requests.slice(before).filter(request => request.includes(digest))).toEqual([])
    rmSync(dead, { recursive: true, force: true })
    expect((await other.run('verify')).code).toBe(0)
  })
})
