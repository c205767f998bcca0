// @module-tag slow
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Described, Listed } from '../../src/models/show.ts'
import { listFolder } from '../../src/models/store/disk.ts'
import { type IncantProcess, runIncant, serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type TestStore, testStore } from './store.ts'

const PREDICTOR = `
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BasePredictor, type ModelInfo } from 'incant'

export default class Predictor extends BasePredictor {
  predict(payload: { file: string; model?: string }) {
    const info: ModelInfo = this.models[payload.model ?? this.modelInfo.name] ?? this.modelInfo
    return { text: readFileSync(join(info.path, payload.file), 'utf8'), version: info.version, models: Object.keys(this.models) }
  }
}
`

/** A store with two versions of `words` and one of `labels`, and a predictor that reads their files with each call. */
async function prepare(): Promise<{ readonly store: TestStore; readonly cwd: string }> {
  const store = testStore()
  for (const text of ['first', 'second']) await store.run('create', 'words', temporaryFolder({ 'a/b.txt': text }))
  await store.run('tag', 'words:v1', 'production')
  await store.run('create', 'labels:en', temporaryFolder({ 'labels.txt': 'one' }))
  return { store, cwd: temporaryFolder({ 'predictor.ts': PREDICTOR }) }
}

const options = (cwd: string, store: TestStore) => ({ cwd, env: { INCANT_HOME: store.home } })

async function call(server: IncantProcess, payload: object): Promise<Response> {
  const { url } = await server.ready()
  return fetch(`${url}/predict`, {
    method: 'POST',
    body: JSON.stringify(payload),
    headers: { 'content-type': 'application/json' },
  })
}

/** Changes one bit of a file without changing its size. */
function flip(path: string): void {
  const bytes = readFileSync(path)
  bytes[0] = (bytes[0] ?? 0) ^ 1
  chmodSync(path, 0o644)
  writeFileSync(path, bytes)
}

async function blobOf(store: TestStore, id: string, path: string): Promise<string> {
  const { contents } = await store.json<Described>('describe', id)
  return store.layout.blob(contents.find(file => file.path === path)?.digest ?? 'sha256:')
}

describe('incant serve MODEL FILE', () => {
  it('serves the version that a tag points to, and reports it', async () => {
    const { store, cwd } = await prepare()
    const { digest } = await store.json<Listed>('describe', 'words:v1')
    const words = [
      'words:production',
      'labels',
      'predictor.ts',
      '--model-header',
      '--health-details',
      '--metrics',
      'open',
    ]
    const server = serveFile(words, options(cwd, store))
    const response = await call(server, { file: 'a/b.txt' })
    expect(await response.json()).toEqual({ text: 'first', version: 'v1', models: ['words', 'labels'] })
    expect(response.headers.get('incant-model')).toBe(`words:v1@${digest}`)
    expect(await (await call(server, { model: 'labels', file: 'labels.txt' })).json()).toMatchObject({
      text: 'one',
      version: 'en',
    })
    const labels = await store.json<Listed>('describe', 'labels')
    expect(await server.ready()).toMatchObject({ model: 'words:v1', digest, models: [`labels:en@${labels.digest}`] })
    const { url } = await server.ready()
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
      health: { status: 'ok' },
      models: [`words:v1@${digest}`, `labels:en@${labels.digest}`],
    })
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(`model_digest="${digest}"`)
  })

  it('keeps what it began with when a tag moves, a version is removed and garbage is collected', async () => {
    const { store, cwd } = await prepare()
    const server = serveFile(['words:production', 'predictor.ts'], options(cwd, store))
    expect(await (await call(server, { file: 'a/b.txt' })).json()).toMatchObject({ text: 'first' })
    expect((await store.json<Described>('describe', 'words:v1')).usedBy).toHaveLength(1)
    await store.run('tag', 'words:v2', 'production')
    await store.run('rm', 'words:v1')
    expect((await store.run('gc')).stderr).toMatch(/^deleted 0 files/)
    server.kill('SIGHUP')
    await expect.poll(() => server.output.stdout).toMatch(/reloaded/)
    expect(await (await call(server, { file: 'a/b.txt' })).json()).toMatchObject({ text: 'first', version: 'v1' })
    server.kill('SIGKILL')
    await server.ended
    expect((await store.run('gc')).stderr).toMatch(/^deleted 2 files/)
    expect(await listFolder(store.layout.checkouts)).toEqual([])
  })

  it('lets go of the files at its end', async () => {
    const { store, cwd } = await prepare()
    const server = serveFile(['words', 'predictor.ts'], options(cwd, store))
    await server.ready()
    expect(await listFolder(store.layout.leases)).toHaveLength(1)
    server.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
    expect([...(await listFolder(store.layout.leases)), ...(await listFolder(store.layout.checkouts))]).toEqual([])
  })

  it('refuses a file with one bit changed, by its name', async () => {
    const { store, cwd } = await prepare()
    flip(await blobOf(store, 'words:v1', 'a/b.txt'))
    const { code, stderr } = await runIncant(['serve', 'words:v1', 'predictor.ts', '--port', '0'], options(cwd, store))
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^error\[model_damaged\]: a\/b\.txt in \S+ has other bytes than when the version was created\n/,
    )
    // The other version is whole.
    const words = ['serve', 'words:v2', 'predictor.ts', '--validate']
    expect(await runIncant(words, options(cwd, store))).toMatchObject({ code: 0 })
  })

  it.each([
    [['wrods:v1', 'predictor.ts'], 'model_not_found', 'there is no model wrods in', 'Did you mean words?'],
    [
      ['words:v7', 'predictor.ts'],
      'model_not_found',
      'there is no version or tag words:v7',
      'words has v1, v2, production.',
    ],
    [['words:v1', 'words:v2', 'predictor.ts'], 'invalid_option', 'the predictor is to have two versions of words', ''],
    [
      ['words', 'labels', 'predictor.ts', '--model-path', '.'],
      'invalid_option',
      '--model-path is the folder of one model',
      '',
    ],
  ])('refuses %j', async (words, code, found, instead) => {
    const { store, cwd } = await prepare()
    const ended = await runIncant(['serve', ...words, '--port', '0'], options(cwd, store))
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(`error[${code}]: ${found}`)
    expect(ended.stderr).toContain(instead)
  })

  it('says that the store cannot be written, as in a container with a read-only file system', async () => {
    const { store, cwd } = await prepare()
    // A file in the place of a folder: as on a file system that cannot be written.
    rmSync(store.layout.leases, { recursive: true, force: true })
    writeFileSync(store.layout.leases, '')
    const { code, stderr } = await runIncant(['serve', 'words', 'predictor.ts', '--validate'], options(cwd, store))
    expect(code).toBe(1)
    expect(stderr).toContain('error[model_store]: the store of models cannot be used: ')
    expect(stderr).toContain('or set INCANT_HOME to another folder.')
  })

  it('serves several predictors, each with its versions', async () => {
    const { store, cwd } = await prepare()
    writeFileSync(
      join(cwd, 'server.yaml'),
      'models:\n  one: { file: predictor.ts, versions: words:v1 }\n  both: { file: predictor.ts, versions: [words, labels] }\n',
    )
    const server = serveFile(['--settings', 'server.yaml'], options(cwd, store))
    const read = async (model: string, payload: object) => {
      await expect.poll(() => server.output.stdout).toContain('"url"')
      const url = /"url":"([^"]+)"/.exec(server.output.stdout)?.[1]
      const init = { method: 'POST', body: JSON.stringify(payload), headers: { 'content-type': 'application/json' } }
      return (await fetch(`${url}/models/${model}/predict`, init)).json()
    }
    expect(await read('one', { file: 'a/b.txt', model: 'words' })).toMatchObject({ text: 'first' })
    expect(await read('both', { file: 'a/b.txt', model: 'words' })).toMatchObject({ text: 'second' })
    expect(await read('both', { file: 'labels.txt', model: 'labels' })).toMatchObject({ text: 'one' })
  })
})

describe('--model-path', () => {
  /** The files of a version as a folder, as a mounted image has them. */
  async function copyOut(store: TestStore): Promise<string> {
    const { digest } = await store.json<Listed>('describe', 'words:v1')
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'a'))
    cpSync(await blobOf(store, 'words:v1', 'a/b.txt'), join(folder, 'a/b.txt'))
    cpSync(store.layout.blob(digest), join(folder, 'incant.model.json'))
    return folder
  }

  it('knows the digest of a folder that lists its files, also below models', async () => {
    const { store, cwd } = await prepare()
    const folder = temporaryFolder()
    cpSync(await copyOut(store), join(folder, 'models'), { recursive: true })
    const server = serveFile(['anything:v9', 'predictor.ts', '--model-path', folder], options(cwd, store))
    expect(await (await call(server, { file: 'a/b.txt' })).json()).toMatchObject({ text: 'first', version: 'v9' })
    expect(await server.ready()).toMatchObject({
      model: 'anything:v9',
      digest: (await store.json<Listed>('describe', 'words:v1')).digest,
    })
  })

  it('refuses a folder that is not as its list says, and one that is empty', async () => {
    const { store, cwd } = await prepare()
    const folder = await copyOut(store)
    flip(join(folder, 'a/b.txt'))
    const serve = (...words: readonly string[]) =>
      runIncant(['serve', 'predictor.ts', '--validate', ...words], options(cwd, store))
    expect((await serve('--model-path', folder)).stderr).toContain(
      `error[model_damaged]: a/b.txt in ${folder} has other bytes`,
    )
    expect((await serve('--model-path', folder, '--trust-model-files')).code).toBe(0)
    writeFileSync(join(folder, 'a/b.txt'), '')
    expect((await serve('--model-path', folder, '--trust-model-files')).stderr).toContain('has 0 bytes, and had 5')
    writeFileSync(join(folder, 'incant.model.json'), '{}')
    expect((await serve('--model-path', folder)).stderr).toContain('error[invalid_model]')
    expect((await serve('--model-path', temporaryFolder())).stderr).toContain('is an empty folder')
  })
})
