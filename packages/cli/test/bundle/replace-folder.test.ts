import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceFolder, restoreFolder } from '../../src/bundle/replace-folder.ts'
import { bundleIn } from '../../src/load/bundle-in.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** A folder with an earlier bundle and a finished one. */
function prepare() {
  const folder = temporaryFolder({ 'b/incant.bundle.json': 'old', 'fresh/incant.bundle.json': 'new' })
  const read = () => readFileSync(join(folder, 'b/incant.bundle.json'), 'utf8')
  return { folder, out: join(folder, 'b'), fresh: join(folder, 'fresh'), read }
}

test('a finished bundle takes the place of an earlier one, and nothing is left beside it', () => {
  const { folder, out, fresh, read } = prepare()
  replaceFolder(fresh, out)
  expect(read()).toBe('new')
  expect(readdirSync(folder)).toEqual(['b'])
})

test('a build that was killed between its two steps has left the earlier bundle to serve, and the next build puts it back', () => {
  const { folder, out, read } = prepare()
  renameSync(out, `${out}.previous`)
  expect(bundleIn([out, '--port', '0'])).toMatchObject({ server: `${out}.previous/server.js`, words: ['--port', '0'] })
  restoreFolder(out)
  expect(read()).toBe('old')
  expect(readdirSync(folder).sort()).toEqual(['b', 'fresh'])
})

test('a build that was killed after that has left what is removed', () => {
  const { out, fresh, read } = prepare()
  renameSync(out, `${out}.previous`)
  renameSync(fresh, out)
  expect(bundleIn([out])?.server).toBe(join(out, 'server.js'))
  restoreFolder(out)
  expect([read(), existsSync(`${out}.previous`)]).toEqual(['new', false])
})

test('a folder that is no bundle is never taken for one, nor restored', () => {
  const folder = temporaryFolder({ 'b.previous/notes.txt': '' })
  const out = join(folder, 'b')
  expect(bundleIn([out])).toBeUndefined()
  restoreFolder(out)
  expect(readdirSync(folder)).toEqual(['b.previous'])
})
