// @module-tag slow
import { describe, expect, it } from 'vitest'
import type { Described, Listed } from '../../src/models/show.ts'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testStore } from './store.ts'

const PROCESSES = 16

/** Runs a command in as many processes at once. */
function atOnce(home: string, toWords: (index: number) => readonly string[]) {
  const indices = Array.from({ length: PROCESSES }, (_, index) => index)
  const run = (index: number) => runIncant(['model', ...toWords(index)], { cwd: home, env: { INCANT_HOME: home } })
  return Promise.all(indices.map(run))
}

describe('sixteen processes at once', () => {
  it('make one version of the same files', { timeout: 300_000 }, async () => {
    const store = testStore()
    const folder = temporaryFolder({ 'a.bin': 'a'.repeat(100_000), 'b/c.bin': 'c' })
    const ends = await atOnce(store.home, () => ['create', 'words', folder])
    expect(ends.map(({ code, stdout }) => [code, stdout])).toEqual(Array(PROCESSES).fill([0, 'words:v1\n']))
    expect(ends.filter(({ stderr }) => stderr.startsWith('incant: created'))).toHaveLength(1)
    expect(await store.json<readonly Listed[]>('list')).toHaveLength(1)
    expect((await store.run('verify')).code).toBe(0)
  })

  it('give a named version to one of them', { timeout: 300_000 }, async () => {
    const store = testStore()
    const folders = Array.from({ length: PROCESSES }, (_, index) => temporaryFolder({ text: String(index) }))
    const ends = await atOnce(store.home, index => ['create', 'words:a', folders[index] ?? ''])
    expect(ends.filter(({ code }) => code === 0)).toHaveLength(1)
    expect(ends.filter(({ stderr }) => stderr.includes('model_exists'))).toHaveLength(PROCESSES - 1)
    expect((await store.run('verify')).code).toBe(0)
  })

  it('number different files without a gap, and keep every move of a tag', { timeout: 300_000 }, async () => {
    const store = testStore()
    const folders = Array.from({ length: PROCESSES }, (_, index) => temporaryFolder({ text: String(index) }))
    const ends = await atOnce(store.home, index => ['create', 'words', folders[index] ?? '', '--tag', 'newest'])
    const made = ends.map(({ stdout }) => stdout.trim()).sort()
    expect(made).toEqual(Array.from({ length: PROCESSES }, (_, index) => `words:v${index + 1}`).sort())
    const { history } = await store.json<Described>('describe', 'words')
    expect(history['newest']).toHaveLength(PROCESSES)
  })
})
