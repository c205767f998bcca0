import { createRequire, Module } from 'node:module'
import { describe, expect, it } from 'vitest'
import { resolve as resolveEsbuild } from '../../src/load/esbuild-hook.ts'
import { readExports } from '../../src/load/exports.ts'
import { guessQuestion } from '../../src/load/guess-question.ts'
import { askToPreload, preload, takePreload } from '../../src/load/preload.ts'
import { hasSynchronousHooks } from '../../src/load/register-hook.ts'
import { inGeneration, isIncant, resolve } from '../../src/load/resolve-hook.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What Node would resolve a specifier to. */
const found = (url: string) => () => ({ url })
const fails = (): never => {
  throw new Error('not found')
}

it('takes the synchronous hooks where Node has them, and the thread where it has not', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 15)
  expect(hasSynchronousHooks).toBe(isNew)
  expect('registerHooks' in Module).toBe(isNew)
})

describe('incant', () => {
  it('is its entries, and no package that begins alike', () => {
    expect(['incant', 'incant/auth'].filter(isIncant)).toHaveLength(2)
    expect(['incantation', '@incant/cli', './incant'].filter(isIncant)).toEqual([])
  })

  it("resolves to the predictor's own copy where there is one", () => {
    expect(resolve('incant', { parentURL: 'file:///app/p.ts' }, found('file:///app/node_modules/incant/i.js'))).toEqual(
      {
        url: 'file:///app/node_modules/incant/i.js',
      },
    )
  })

  it('resolves from the command where there is none, and nothing else does', () => {
    const parents: unknown[] = []
    const next = (_specifier: string, { parentURL }: { parentURL?: string | undefined }) => {
      parents.push(parentURL)
      return parents.length === 1 ? fails() : { url: 'file:///cli/node_modules/incant/i.js' }
    }
    expect(resolve('incant', { parentURL: 'file:///app/p.ts' }, next).url).toContain('/cli/')
    expect(parents[1]).toMatch(/load\/resolve-hook\.ts$/)
    expect(() => resolve('other', { parentURL: 'file:///app/p.ts' }, fails)).toThrow('not found')
  })

  it('does so where the hook is asynchronous, too', async () => {
    let asked = 0
    const next = async () => {
      asked += 1
      return asked === 1 ? fails() : { url: 'file:///cli/i.js' }
    }
    expect(await resolve('incant', { parentURL: 'file:///app/p.ts' }, next)).toEqual({ url: 'file:///cli/i.js' })
  })
})

describe('what a package of ours imports later', () => {
  const parentURL = new URL('../../src/load/register.ts', import.meta.url).href
  const parentOf = (specifier: string) => resolve(specifier, { parentURL }, (_, { parentURL: parent }) => parent)

  it("is not asked of a predictor's `paths`, which tsx leaves alone for files in node_modules", () => {
    expect(parentOf('@hono/node-server')).toMatch(/load\/node_modules\/incant\/index\.js$/)
    expect(createRequire(parentOf('tsx') ?? '').resolve('tsx')).toBe(createRequire(parentURL).resolve('tsx'))
  })

  it.each(['./prepare.ts', 'file:///app/p.ts', 'node:fs'])('is where it is, if it is no package: %s', specifier => {
    expect(parentOf(specifier)).toBe(parentURL)
  })
})

describe('a generation', () => {
  const parentURL = inGeneration('file:///app/p.ts', 3)

  it('is in the URL, beside a query that is there', () => {
    expect(parentURL).toBe('file:///app/p.ts?incant-generation=3')
    expect(inGeneration('file:///p.ts?a', 4)).toBe('file:///p.ts?a&incant-generation=4')
  })

  it('is that of what a module imports', () => {
    expect(resolve('./lib.ts', { parentURL }, found('file:///app/lib.ts'))).toEqual({
      url: 'file:///app/lib.ts?incant-generation=3',
    })
  })

  it.each([
    ['a package', 'file:///app/node_modules/a/i.js'],
    ["Node's own module", 'node:fs'],
    ['a module that has one', 'file:///app/lib.ts?incant-generation=3'],
  ])('is not given to %s', (_name, url) => {
    expect(resolve('it', { parentURL }, found(url))).toEqual({ url })
  })

  it('is not given to incant: two copies would be two classes', () => {
    expect(resolve('incant', { parentURL }, found('file:///checkout/incant/i.js'))).toEqual({
      url: 'file:///checkout/incant/i.js',
    })
  })
})

describe('the hook for esbuild', () => {
  it('stands in for esbuild where tsx imports it, and requires the copy of tsx', () => {
    const parentURL = 'file:///app/node_modules/tsx/dist/register.mjs'
    const result = resolveEsbuild('esbuild', { parentURL }, found('file:///app/node_modules/esbuild/lib/main.js'))
    expect(result).toMatchObject({ format: 'module', shortCircuit: true })
    const url = new URL(result.url)
    expect(url.pathname).toMatch(/required-esbuild\.js$/)
    expect(url.searchParams.get('for')).toBe(parentURL)
  })

  it.each([
    ['esbuild', 'file:///app/build.ts'],
    ['other', 'file:///app/node_modules/tsx/dist/register.mjs'],
  ])('leaves %s alone where %s imports it', (specifier, parentURL) => {
    expect(resolveEsbuild(specifier, { parentURL }, found('file:///x.js'))).toEqual({ url: 'file:///x.js' })
  })
})

describe('the exports of a module', () => {
  it('are lifted out of the default of compiled CommonJS, once', () => {
    const compiled = { default: { Predictor: 1, __esModule: true }, 'module.exports': {} }
    expect([...readExports(compiled).keys()]).toEqual(['default', 'Predictor', '__esModule'])
  })

  it('are those of a module, whose default may be a class', () => {
    class Predictor {}
    expect([...readExports({ default: Predictor, other: 1 })]).toEqual([
      ['default', Predictor],
      ['other', 1],
    ])
  })
})

describe('what the types are asked before the arguments are read', () => {
  it('is the first word that is a source file, and the class that is named', () => {
    const cwd = temporaryFolder({ 'p.ts': '' })
    expect(guessQuestion(['--port', '80', `${cwd}/p.ts`], {})).toEqual({ file: `${cwd}/p.ts`, className: undefined })
    expect(guessQuestion([`${cwd}/p.ts`, '--class-name', 'A'], {})?.className).toBe('A')
    expect(guessQuestion([`${cwd}/p.ts`], { INCANT_CLASS_NAME: 'B' })?.className).toBe('B')
  })

  it('is nothing where no such file is there', () => {
    expect(guessQuestion(['absent.ts'], {})).toBeUndefined()
    expect(guessQuestion([temporaryFolder()], {})).toBeUndefined()
  })
})

describe('a file that is loaded early', () => {
  it('is named in the environment, and not for the children of the process', () => {
    const environment: NodeJS.ProcessEnv = { ...askToPreload('file:///app/p.ts') }
    expect(takePreload(environment)).toBe('file:///app/p.ts')
    expect(environment).toEqual({})
    expect(takePreload(environment)).toBeUndefined()
  })

  it('is loaded once, and others when they are asked for', async () => {
    const loaded: string[] = []
    const load = preload(async url => {
      loaded.push(url)
      return {}
    }, 'file:///app/p.ts')
    expect(loaded).toEqual(['file:///app/p.ts'])
    await load('file:///app/p.ts')
    await load('file:///app/other.ts')
    expect(loaded).toEqual(['file:///app/p.ts', 'file:///app/other.ts'])
  })
})
