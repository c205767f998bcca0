import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeBill } from '../../src/bundle/bill-of-materials.ts'
import { findNeeded } from '../../src/bundle/needed-packages.ts'
import { findProject } from '../../src/bundle/project.ts'
import { stageProject } from '../../src/bundle/stage.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** A folder with these files; objects are written as JSON. */
function folderOf(files: Record<string, object | string>): string {
  const texts = Object.entries(files).map(([path, contents]) => [
    path,
    typeof contents === 'string' ? contents : JSON.stringify(contents),
  ])
  return temporaryFolder(Object.fromEntries(texts))
}

const pack = (name: string, rest: object = {}): object => ({ name, version: '1.0.0', ...rest })

describe('the packages of a bundle', () => {
  const FILES = {
    'package.json': pack('words'),
    'node_modules/incant/package.json': pack('incant', {
      dependencies: { hono: '4' },
      peerDependencies: { grpc: '1', typescript: '5' },
      peerDependenciesMeta: { grpc: { optional: true }, typescript: { optional: true } },
    }),
    'node_modules/hono/package.json': pack('hono'),
    'node_modules/grpc/package.json': pack('grpc'),
    'node_modules/typescript/package.json': pack('typescript'),
    'node_modules/unused/package.json': pack('unused'),
    'packages/labels/node_modules/odd/package.json': pack('odd', { dependencies: { hono: '4' } }),
  }
  const need = (imports: readonly [string, string, boolean][], asked: readonly string[] = []) =>
    findNeeded({
      root: '/project',
      stage: folderOf(FILES),
      own: '/own',
      asked: new Set(asked),
      imports: imports.map(([name, importer, isOptional]) => ({ name, importer, isOptional })),
    }).map(({ to }) => to)

  test('are those that are imported, and what they need', () => {
    expect(need([])).toEqual(['node_modules/incant', 'node_modules/hono'])
  })

  test('have optional peers that the project asks for, and never a compiler for its types', () => {
    expect(need([], ['grpc', 'typescript'])).toContain('node_modules/grpc')
    expect(need([], ['grpc', 'typescript'])).not.toContain('node_modules/typescript')
  })

  test('of a package of the workspace are beside the code', () => {
    expect(need([['odd', '/project/packages/labels/index.ts', false]])).toContain('app/node_modules/odd')
  })

  test('that are missing are refused, unless the code can do without', () => {
    expect(need([['sharp', '/project/a.ts', true]])).toEqual(['node_modules/incant', 'node_modules/hono'])
    expect(() => need([['sharp', '/project/a.ts', false]])).toThrow(
      '/project/a.ts imports sharp, which is not among the production packages of the lockfile',
    )
  })

  test('are in a bill of materials that is the same for the same packages', () => {
    const packages = [
      { manifest: { name: '@hono/node-server', version: '2.0.0', license: 'MIT' }, from: '', to: '' },
      { manifest: { name: 'hono', version: '4.0.0' }, from: '', to: '' },
    ]
    const bill = writeBill({ name: 'words', version: '1.0.0' }, packages)
    expect(writeBill({ name: 'words', version: '1.0.0' }, packages.toReversed())).toBe(bill)
    expect(JSON.parse(bill)).toMatchObject({
      bomFormat: 'CycloneDX',
      components: [
        { purl: 'pkg:npm/%40hono/node-server@2.0.0', licenses: [{ expression: 'MIT' }] },
        { purl: 'pkg:npm/hono@4.0.0' },
      ],
    })
  })
})

describe('a project', () => {
  test('without a lockfile is refused, and so is one with those of two package managers', () => {
    const none = folderOf({ 'package.json': {}, 'predictor.ts': '' })
    expect(() => findProject(join(none, 'predictor.ts'))).toThrow(/has no lockfile/)
    const files = { 'package-lock.json': '{}', 'yarn.lock': '# yarn lockfile v1', 'predictor.ts': '' }
    const two = folderOf({ 'package.json': {}, ...files })
    expect(() => findProject(join(two, 'predictor.ts'))).toThrow(/several lockfiles: package-lock.json, yarn.lock/)
    const named = folderOf({ 'package.json': { packageManager: 'yarn@1.22.22' }, ...files })
    expect(findProject(join(named, 'predictor.ts')).manager).toBe('yarn-classic')
  })

  test('of a workspace has the lockfile of its root', () => {
    const root = folderOf({
      'package.json': {},
      'pnpm-lock.yaml': '',
      'packages/words/package.json': { name: 'words' },
      'packages/words/src/predictor.ts': '',
    })
    expect(findProject(join(root, 'packages/words/src/predictor.ts'))).toMatchObject({
      root,
      folder: join(root, 'packages/words'),
      manager: 'pnpm',
    })
  })

  test('is staged without its code and its scripts, with the archives that it names', () => {
    const base = folderOf({
      'archives/odd-1.0.0.tgz': 'bytes',
      'project/package.json': {
        scripts: { postinstall: 'husky' },
        dependencies: { odd: 'file:../archives/odd-1.0.0.tgz' },
      },
      'project/package-lock.json': '{}',
      'project/index.ts': '',
      'project/node_modules/x/package.json': {},
    })
    symlinkSync(base, join(base, 'project/circle'))
    const stage = stageProject(
      {
        ...{ folder: join(base, 'project'), root: join(base, 'project'), manifest: {}, manager: 'npm' },
        lockfile: join(base, 'project/package-lock.json'),
      },
      temporaryFolder(),
    )
    expect(JSON.parse(readFileSync(join(stage, 'package.json'), 'utf8'))).not.toHaveProperty('scripts')
    expect(readFileSync(join(stage, '../archives/odd-1.0.0.tgz'), 'utf8')).toBe('bytes')
    expect(['index.ts', 'node_modules', 'circle'].filter(name => existsSync(join(stage, name)))).toEqual([])
  })
})
