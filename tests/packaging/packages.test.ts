// @module-tag slow
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { findNodeImports } from './graph.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Entries that run wherever `fetch` does: no Node module, not even through a dependency. */
const PORTABLE = ['.', './auth', './client']

/** Files that nothing imports, and that users copy. */
const OTHER_FILES: Readonly<Record<string, readonly string[]>> = {
  'packages/incant': ['monitoring/alerts.yml', 'monitoring/dashboard.json'],
  'packages/cli': ['plain', 'batch', 'stream', 'chat', 'image'].flatMap(kind => [
    `templates/${kind}/predictor.ts`,
    `templates/${kind}/test.ts`,
  ]),
}

/** What is read of a package.json. */
interface Manifest {
  exports: Record<string, string | { types: string; default: string }>
  bin?: Record<string, string>
}

describe.each(['packages/incant', 'packages/cli', 'packages/create-incant'])('%s', folder => {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const targets = [
    ...Object.values(manifest.exports).flatMap(target =>
      typeof target === 'string' ? [target] : Object.values(target),
    ),
    ...Object.values(manifest.bin ?? {}),
  ].map(target => normalize(target))

  test('every export and command is a file', () => {
    expect(targets.filter(target => !existsSync(join(root, folder, target)))).toEqual([])
  })

  test('the tarball holds what the exports name, a licence and a README, and no leftovers', async () => {
    const files = await listPackedFiles(folder)
    const needed = ['LICENSE', 'README.md', 'package.json', ...targets, ...(OTHER_FILES[folder] ?? [])]
    expect(needed.filter(file => !files.includes(file))).toEqual([])
    expect(files.filter(file => /tsbuildinfo|\.test\.|(^|\/)(test|fixtures)\//.test(file))).toEqual([])
  })
})

test('what is started or loaded by its path beside another module is built', () => {
  const source = /new URL\('(\.\.?\/[^']+\.js)', import|module: '(\.\.?\/[^']+\.js)'/g
  const named = ['packages/incant', 'packages/cli'].flatMap(folder =>
    readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .flatMap(name => [...readFileSync(join(root, folder, 'src', name), 'utf8').matchAll(source)])
      // Everything is built into one folder.
      .map(([, url, hook]) => join(root, folder, 'dist', url ?? hook ?? '')),
  )
  expect(named.length).toBeGreaterThanOrEqual(7)
  expect(named.filter(file => !existsSync(file))).toEqual([])
})

describe('incant', () => {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, 'packages/incant/package.json'), 'utf8'))

  test.each(PORTABLE.filter(entry => entry in manifest.exports))('entry %s imports no Node module', async entry => {
    const target = manifest.exports[entry]
    const file = typeof target === 'object' ? target.default : ''
    expect(await findNodeImports(join(root, 'packages/incant', file))).toEqual([])
  })

  test('entry ./node does, so the check above can find them', async () => {
    const modules = (await findNodeImports(join(root, 'packages/incant/dist/node.js'))).map(({ module }) => module)
    expect(modules).toContain('node:http')
  })
})

/** What `npm pack` would put in, without doing it. */
async function listPackedFiles(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: join(root, folder),
    shell: process.platform === 'win32',
  })
  const [packed]: { files: { path: string }[] }[] = JSON.parse(stdout)
  return (packed?.files ?? []).map(({ path }) => normalize(path))
}
