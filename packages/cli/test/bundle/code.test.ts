import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { type BundledCode, bundleCode } from '../../src/bundle/code.ts'
import { temporaryFolder } from '../temporary-folder.ts'

function project(files: Record<string, string>): string {
  return temporaryFolder({ 'package.json': '{ "type": "module" }', ...files })
}

/** Writes the code elsewhere, and imports it. */
async function load({ files, entry }: BundledCode): Promise<Record<string, unknown>> {
  const out = project({})
  for (const [path, contents] of files) writeFileSync(join(out, path), contents)
  return import(pathToFileURL(join(out, entry)).href)
}

test('modules of the project are the code; packages are imports', async () => {
  const root = project({
    'src/predictor.ts':
      "import 'incant'; import { two } from './two.ts'; import odd from 'is-odd/x'; export { odd, two }",
    'src/two.ts': "import { join } from 'node:path'; export const two: string = join('1', '2')",
    'node_modules/is-odd/package.json': '{ "name": "is-odd", "exports": { "./x": "./x.js" } }',
    'node_modules/is-odd/x.js': 'module.exports = 1',
  })
  const code = await bundleCode({ file: join(root, 'src/predictor.ts'), folder: root, root })
  expect(code.entry).toBe('src-predictor.js')
  expect(code.imports.map(({ name, isOptional }) => [name, isOptional]).sort()).toEqual([
    ['incant', false],
    ['is-odd', false],
  ])
  expect([...code.files.values()].join('')).not.toContain(root)
})

test('a package of the same workspace is part of the code, with the file that it reads beside itself', async () => {
  const root = project({
    'package.json': '{ "workspaces": ["packages/*"] }',
    'packages/server/package.json': '{ "name": "server", "type": "module" }',
    'packages/server/predictor.ts': "export { label } from 'labels'",
    'packages/labels/package.json': '{ "name": "labels", "type": "module", "exports": "./index.ts" }',
    'packages/labels/index.ts': "export const label = new URL('./labels.json', import.meta.url).pathname",
    'packages/labels/labels.json': '[]',
  })
  mkdirSync(join(root, 'node_modules'))
  symlinkSync(join(root, 'packages/labels'), join(root, 'node_modules/labels'))
  const folder = join(root, 'packages/server')
  const code = await bundleCode({ file: join(folder, 'predictor.ts'), folder, root })
  expect(code.imports).toEqual([])
  expect([...code.assets]).toEqual([['local/packages/labels/labels.json', join(root, 'packages/labels/labels.json')]])
  expect((await load(code))['label']).toMatch(/\/local\/packages\/labels\/labels\.json$/)
})

test('code knows where it would be, and a thread of its own is code as well', async () => {
  const root = project({
    'a/predictor.ts': [
      "export const here = import.meta.url, thread = new URL('./thread.ts', import.meta.url).pathname",
      "export const missing = new URL('./made-later.json', import.meta.url).pathname",
    ].join('\n'),
    'a/thread.ts': 'export const thread = true',
  })
  const code = await bundleCode({ file: join(root, 'a/predictor.ts'), folder: root, root })
  expect([...code.files.keys()].filter(path => path.endsWith('.js')).sort()).toEqual(['a-predictor.js', 'a-thread.js'])
  const { here, thread } = await load(code)
  expect(here).toMatch(/^file:.*\/a\/predictor\.ts$/)
  expect(thread).toMatch(/\/a-thread\.js$/)
})

test('code that cannot be bundled is an error with its place', async () => {
  const root = project({ 'predictor.ts': "import './not-there.ts'" })
  await expect(bundleCode({ file: join(root, 'predictor.ts'), folder: root, root })).rejects.toThrow(
    /the code cannot be bundled: .*predictor\.ts:1:7: ERROR: Could not resolve "\.\/not-there\.ts"/s,
  )
})
