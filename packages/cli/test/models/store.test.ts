import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Described, Listed } from '../../src/models/show.ts'
import type { Comparison } from '../../src/models/store/compare.ts'
import { listFolder } from '../../src/models/store/disk.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testStore } from './store.ts'

const FILES = { 'weights.bin': 'abc', 'labels/en.txt': 'one\n', 'labels/de.txt': 'one\n' }

describe('incant model create', () => {
  it('numbers versions, and knows the same files again', async () => {
    const store = testStore()
    const folder = temporaryFolder(FILES)
    expect((await store.run('create', 'words', folder)).stdout).toBe('words:v1\n')
    expect((await store.run('create', 'words', folder)).stderr).toMatch(/^words:v1 has these files already: 3 files/)
    writeFileSync(join(folder, 'weights.bin'), 'abcd')
    expect((await store.run('create', 'words', folder)).stdout).toBe('words:v2\n')
    expect((await store.run('create', 'words:2026-11', folder)).stdout).toBe('words:2026-11\n')
  })

  it('gives the same files the same digest under every name, in every store', async () => {
    const [one, other] = [testStore(), testStore()]
    const first = await one.json<Listed>('create', 'words', temporaryFolder(FILES))
    const second = await other.json<Listed>('create', 'others:x', temporaryFolder(FILES), '--description', 'the same')
    expect(second.digest).toBe(first.digest)
    // The digest is part of what people write down: it must not change with a release.
    expect(first.digest).toBe('sha256:591183e9dc32aef525f940b8843bfc94bb7496fd1e227ea61d59f9296699a5b2')
  })

  it('stores equal files once', async () => {
    const store = testStore()
    const { digest } = await store.json<Listed>('create', 'words', temporaryFolder(FILES))
    await store.run('create', 'others', temporaryFolder({ ...FILES, 'more.txt': 'one\n' }))
    // Two contents of three files, and the list of each version.
    expect(await listFolder(store.layout.blobs)).toHaveLength(4)
    expect(readFileSync(store.layout.blob(digest), 'utf8')).toContain('"path":"labels/de.txt","size":4')
  })

  it('never changes a version', async () => {
    const store = testStore()
    await store.run('create', 'words:a', temporaryFolder({ 'x.bin': 'x' }))
    await expect(store.run('create', 'words:a', temporaryFolder({ 'x.bin': 'y' }))).rejects.toMatchObject({
      code: 'model_exists',
      message:
        'words:a has other files, and a version never changes\n  Create another version: incant model create words PATH takes the next number.',
    })
  })

  it('takes one file', async () => {
    const store = testStore()
    const folder = temporaryFolder({ 'model.onnx': 'x' })
    const { files, size } = await store.json<Listed>('create', 'words', join(folder, 'model.onnx'))
    expect({ files, size }).toEqual({ files: 1, size: 1 })
  })

  it('keeps what is said of a version', async () => {
    const store = testStore()
    const words = ['--description', 'Trained on news', '--metadata', 'accuracy=0.93', '--metadata', 'a=b=c']
    await store.run('create', 'words', temporaryFolder(FILES), ...words, '--tag', 'production')
    expect(await store.json<Described>('describe', 'words:production')).toMatchObject({
      version: 'v1',
      description: 'Trained on news',
      metadata: { accuracy: '0.93', a: 'b=c' },
      tags: ['production'],
      usedBy: [],
    })
    await expect(store.run('create', 'words', temporaryFolder(FILES), '--metadata', 'x')).rejects.toMatchObject({
      code: 'invalid_option',
      message: '--metadata is "x"\n  Write a key and a value: --metadata accuracy=0.93',
    })
  })

  it('follows links within the folder, and others only when told to', async () => {
    const store = testStore()
    const secret = join(temporaryFolder({ secret: 's' }), 'secret')
    const folder = temporaryFolder({ 'a.bin': 'a' })
    symlinkSync('a.bin', join(folder, 'b.bin'))
    expect(await store.json<Listed>('create', 'words', folder)).toMatchObject({ files: 2, size: 2 })
    symlinkSync(secret, join(folder, 'c.bin'))
    await expect(store.run('create', 'words', folder)).rejects.toMatchObject({
      code: 'invalid_model',
      message: `"c.bin" in ${folder} is a link to ${secret}, outside the folder\n  If it may become part of the model, say so: --follow-links`,
    })
    expect(await store.json<Listed>('create', 'words', folder, '--follow-links')).toMatchObject({ files: 3 })
  })

  it.each([
    [
      'nothing at the end of a link',
      (folder: string) => symlinkSync('gone', join(folder, 'a')),
      'is a link to nothing',
    ],
    ['a device', (folder: string) => symlinkSync('/dev/null', join(folder, 'a')), 'outside the folder'],
    ['a link to a folder', (folder: string) => symlinkSync('.', join(folder, 'a')), 'is neither a file nor a folder'],
    ['a backslash', (folder: string) => writeFileSync(join(folder, 'a\\b'), ''), 'has a backslash'],
    ['a line break', (folder: string) => writeFileSync(join(folder, 'a\nb'), ''), 'or a control character'],
    ['no files', (folder: string) => rmSync(join(folder, 'x')), 'there are no files in'],
  ])('refuses %s', async (_, prepare, message) => {
    const folder = temporaryFolder({ x: 'x' })
    prepare(folder)
    const refused = testStore().run('create', 'words', folder)
    await expect(refused).rejects.toMatchObject({ code: 'invalid_model', message: expect.stringContaining(message) })
  })

  it.each([
    ['a path', '../words', 'is not the name of a model'],
    ['latest', 'words:latest', 'latest is always the newest version'],
  ])('refuses %s as a name', async (_, name, message) => {
    await expect(testStore().run('create', name, temporaryFolder(FILES))).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(message),
    })
  })

  it('takes a number whose process has made a folder and no entry yet', async () => {
    const store = testStore()
    mkdirSync(join(store.layout.versions('words'), 'v1'), { recursive: true })
    expect((await store.run('create', 'words', temporaryFolder(FILES))).stdout).toBe('words:v1\n')
  })

  it('leaves no unfinished work', async () => {
    const store = testStore()
    await store.run('create', 'words', temporaryFolder(FILES))
    expect(await listFolder(store.layout.staging)).toEqual([])
    expect(await listFolder(store.layout.leases)).toEqual([])
  })
})

describe('a reference', () => {
  it('is a version, a tag, or the newest version', async () => {
    const store = testStore()
    for (const text of ['1', '2']) await store.run('create', 'words', temporaryFolder({ text }))
    await store.run('tag', 'words:v1', 'production')
    const resolve = async (id: string) => (await store.json<Described>('describe', id)).version
    expect(await resolve('words')).toBe('v2')
    expect(await resolve('words:latest')).toBe('v2')
    expect(await resolve('words:production')).toBe('v1')
  })

  it.each([
    ['wrods', 'there is no model wrods in', 'Did you mean words?'],
    ['words:v9', 'there is no version or tag words:v9', 'Did you mean words:v1? words has v1, production.'],
    ['words:productoin', 'there is no version or tag words:productoin', 'Did you mean words:production?'],
  ])('to nothing is refused: %s', async (id, found, instead) => {
    const store = testStore()
    await store.run('create', 'words', temporaryFolder(FILES), '--tag', 'production')
    const refused = store.run('describe', id)
    await expect(refused).rejects.toMatchObject({ code: 'model_not_found', message: expect.stringContaining(found) })
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(instead) })
  })
})

describe('incant model tag', () => {
  it('moves, with a history, and is removed', async () => {
    const store = testStore()
    for (const text of ['1', '2']) await store.run('create', 'words', temporaryFolder({ text }))
    expect((await store.run('tag', 'words:v1', 'production')).stderr).toBe('words:production is words:v1\n')
    await store.run('tag', 'words:v2', 'production')
    expect((await store.run('tag', 'words', 'production', '--remove')).stderr).toBe(
      'words:production is removed, before that words:v2\n',
    )
    const { tags, history } = await store.json<Described>('describe', 'words')
    expect(tags).toEqual([])
    expect(history['production']?.map(({ version }) => version)).toEqual(['v1', 'v2', null])
  })

  it('is no version, and looks like none', async () => {
    const store = testStore()
    await store.run('create', 'words:a', temporaryFolder(FILES), '--tag', 'b')
    await expect(store.run('tag', 'words:a', 'a')).rejects.toMatchObject({ code: 'model_exists' })
    await expect(store.run('tag', 'words:a', 'v7')).rejects.toMatchObject({ code: 'invalid_option' })
    await expect(store.run('create', 'words:b', temporaryFolder(FILES))).rejects.toMatchObject({ code: 'model_exists' })
    await expect(store.run('tag', 'words', 'c', '--remove')).rejects.toMatchObject({ code: 'model_not_found' })
  })
})

describe('incant model rm and gc', () => {
  it('frees what no version has, and gives no name again', async () => {
    const store = testStore()
    const folder = temporaryFolder({ shared: 'shared', own: 'own' })
    await store.run('create', 'words', folder)
    await store.run('create', 'others', temporaryFolder({ shared: 'shared' }))
    await store.run('rm', 'words:v1')
    expect((await store.run('gc', '--dry-run')).stderr).toMatch(/^would delete 2 files, /)
    expect((await store.run('gc')).stderr).toMatch(/^deleted 2 files, /)
    expect((await store.run('verify')).code).toBe(0)
    expect((await store.run('create', 'words', folder)).stdout).toBe('words:v2\n')
    await expect(store.run('create', 'words:v1', folder)).rejects.toMatchObject({
      code: 'model_exists',
      message: expect.stringContaining('words:v1 was removed, and its name is never given again'),
    })
  })

  it('asks before it takes what has a tag, a tag for a version, or all versions', async () => {
    const store = testStore()
    for (const text of ['1', '2']) await store.run('create', 'words', temporaryFolder({ text }))
    await store.run('tag', 'words:v1', 'production')
    await expect(store.run('rm', 'words:v1')).rejects.toMatchObject({
      code: 'model_in_use',
      message: 'words:v1 is production\n  Move the tag to another version first, or remove both: --force',
    })
    await expect(store.run('rm', 'words:production')).rejects.toMatchObject({ code: 'invalid_option' })
    await expect(store.run('rm', 'words')).rejects.toMatchObject({ code: 'invalid_option' })
    await store.run('rm', 'words', '--force')
    expect(await store.json('list')).toEqual([])
  })

  it('waits for others who write', async () => {
    const store = testStore()
    await store.run('create', 'words', temporaryFolder(FILES))
    const { beginWork } = await import('../../src/models/store/leases.ts')
    const work = await beginWork(store.layout, { purpose: 'write' })
    await expect(store.run('gc')).rejects.toMatchObject({
      code: 'model_in_use',
      message: expect.stringContaining(`process ${process.pid} on `),
    })
    await work.end()
    expect((await store.run('gc')).code).toBe(0)
  })
})

describe('incant model verify', () => {
  it('finds a byte that changed, by the name of its file, and repairs', async () => {
    const store = testStore()
    const folder = temporaryFolder(FILES)
    await store.run('create', 'words', folder)
    const { contents } = await store.json<Described>('describe', 'words')
    const weights = contents.find(({ path }) => path === 'weights.bin')
    const blob = store.layout.blob(weights?.digest ?? 'sha256:')
    const mode = statSync(blob).mode & 0o777
    rmSync(blob)
    writeFileSync(blob, 'abd')
    const { code, stdout } = await store.run('verify')
    expect({ code, mode }).toEqual({ code: 1, mode: 0o444 })
    expect(stdout).toMatch(
      /^words:v1: weights\.bin has other bytes than when the version was created \([0-9a-f]{64}\)\n$/,
    )
    expect((await store.run('verify', '--repair')).code).toBe(1)
    expect((await store.run('verify', 'words')).stdout).toMatch(/^words:v1: weights\.bin is missing/)
    await store.run('create', 'words', folder)
    expect((await store.run('verify')).stdout).toBe('')
  })

  it('finds a list of files that changed', async () => {
    const store = testStore()
    const { digest } = await store.json<Listed>('create', 'words', temporaryFolder(FILES))
    rmSync(store.layout.blob(digest))
    writeFileSync(store.layout.blob(digest), '{}')
    expect((await store.run('verify')).stdout).toMatch(
      /^words:v1: .* does not have the bytes that it was stored with\n/,
    )
  })
})

describe('incant model diff', () => {
  it('says what was added, removed and changed', async () => {
    const store = testStore()
    await store.run('create', 'words', temporaryFolder({ same: '1', old: '2', both: '3' }))
    await store.run('create', 'words', temporaryFolder({ same: '1', fresh: '2', both: '34' }))
    const { code, stdout } = await store.run('diff', 'words:v1', 'words:v2')
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: '- old  1 B\n+ fresh  1 B\n~ both  1 B to 2 B\n  1 file the same\n',
    })
    expect((await store.run('diff', 'words', 'words:v2')).code).toBe(0)
    expect((await store.json<Comparison>('diff', 'words:v1', 'words')).same).toBe(1)
  })
})
