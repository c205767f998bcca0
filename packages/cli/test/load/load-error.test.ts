import { join } from 'node:path'
import { StartupError } from 'incant'
import { describe, expect, test } from 'vitest'
import { toLoadError } from '../../src/load/load-error.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What the error says of something thrown while this source was loaded. */
function told(
  thrown: unknown,
  source = '',
): { readonly code: string; readonly found: string; readonly advice: string; readonly at: string } {
  const folder = temporaryFolder({ 'predictor.ts': source })
  const { code, found, instead: advice = '', location } = toLoadError(join(folder, 'predictor.ts'), thrown)
  const at = [location?.file.split('/').at(-1), location?.line, location?.column].filter(part => part !== undefined)
  return { code, found, advice, at: at.join(':') }
}

function missing(target: string): Error {
  return new Error(`Cannot find package '${target}'`)
}

describe('a module that is missing', () => {
  test.each([
    ['sharp', "import sharp from 'sharp'", 'npm install sharp)'],
    ['sharp/lib', "import sharp from 'sharp/lib'", 'npm install sharp)'],
    ['@scope/name', "import { a } from '@scope/name'", 'npm install @scope/name)'],
    ['@scope/name/deep/file', "import { a } from '@scope/name/deep/file'", 'npm install @scope/name)'],
    ['name/of@2/file', "import { a } from 'name/of@2/file'", 'npm install name)'],
  ])('%s of a package is at its import, with the command that installs it', (target, source, command) => {
    const { code, found, advice, at } = told(missing(target), `\n${source}\n`)
    expect([code, found, at]).toEqual([
      'import_failed',
      `cannot find "${target}"`,
      `predictor.ts:2:${source.indexOf(target)}`,
    ])
    expect(advice).toContain(command)
  })

  test('of the project is a path to correct', () => {
    const { advice, at } = told(new Error("Cannot find module '/a/b/lib.ts'"), "const a = 1\nimport x from './lib.ts'")
    expect([advice, at]).toEqual(['Correct the path in the import.', 'predictor.ts:2:15'])
  })

  test('of CommonJS is looked for in the file that required it', () => {
    const folder = temporaryFolder({ 'other.cjs': "\n\nrequire('left-pad')" })
    const thrown = Object.assign(new Error("Cannot find module 'left-pad'\nRequire stack:"), {
      requireStack: [join(folder, 'other.cjs')],
    })
    expect(told(thrown, "require('left-pad')").at).toBe('other.cjs:3:9')
  })

  test('that is a native addon is built, not installed', () => {
    expect(told(new Error("Cannot find module './build/Release/addon.node'")).advice).toContain('npm rebuild')
  })
})

test('a report of esbuild keeps its place, columns counted from 1', () => {
  const report = 'Transform failed with 1 error:\n/somewhere/predictor.ts:3:5: ERROR: Expected ";" but found "x"'
  expect(told(new Error(report))).toMatchObject({
    code: 'syntax_error',
    found: 'the file does not parse: Expected ";" but found "x"',
    at: 'predictor.ts:3:6',
  })
})

test('an error that already says where is passed on', () => {
  const thrown = new StartupError({ code: 'no_predictor', found: 'nothing', instead: 'Write a class.' })
  expect(toLoadError('predictor.ts', thrown)).toBe(thrown)
})

test.each([[undefined], [null], ['a text'], [42], [new Error('boom')]])('what else is thrown, %s, is named', thrown => {
  const { code, found } = told(thrown)
  expect([code, found.startsWith('loading the file threw ')]).toEqual(['import_failed', true])
})
