import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/arguments/command.ts'
import { resolvePath } from '../../src/arguments/path.ts'
import { readTarget, readTargets } from '../../src/arguments/target.ts'
import { startupError } from '../startup-error.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const { serve, inspect } = COMMANDS

describe('readTarget', () => {
  it.each(['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'])('takes a .%s file', extension => {
    const file = join(temporaryFolder({ [`p.${extension}`]: '' }), `p.${extension}`)
    expect(readTarget(serve, [file])).toEqual({ file, model: undefined })
  })

  it('takes a model before the file', () => {
    const file = join(temporaryFolder({ 'p.ts': '' }), 'p.ts')
    expect(readTarget(serve, ['lang_id-2.0:V1.3', file])).toEqual({
      file,
      model: { name: 'lang_id-2.0', version: 'V1.3' },
      wanted: [{ name: 'lang_id-2.0', version: 'V1.3' }],
    })
  })

  it('takes several models before the file, with versions and without', () => {
    const file = join(temporaryFolder({ 'p.ts': '' }), 'p.ts')
    const { model, wanted } = readTarget(serve, ['words', 'labels:en', file])
    expect(model).toEqual({ name: 'words', version: undefined })
    expect(wanted).toEqual([
      { name: 'words', version: undefined },
      { name: 'labels', version: 'en' },
    ])
  })

  it.each([
    [
      serve,
      [],
      'missing_argument',
      'no predictor file was given\n  Write: incant serve [MODEL[:VERSION] ...] FILE ...',
    ],
    [inspect, [], 'missing_argument', 'no predictor file was given\n  Write: incant inspect FILE'],
    [
      serve,
      ['m:v1'],
      'missing_argument',
      '"m:v1" names a model, but no predictor file follows it\n  Write: incant serve [MODEL[:VERSION] ...] FILE ...',
    ],
    [
      serve,
      ['absent.ts'],
      'file_not_found',
      'there is no file absent.ts\n  Check the path: incant serve [MODEL[:VERSION] ...] FILE ...',
    ],
    [
      serve,
      ['packages'],
      'file_not_found',
      'packages is a folder\n  Name the file in it: incant serve packages/predictor.ts',
    ],
    [
      serve,
      ['package.json'],
      'file_not_found',
      'package.json is neither a JavaScript or TypeScript file nor a model file\n  A predictor file ends in .ts, .mts, .cts, .js, .mjs or .cjs, and a model file in .onnx; --runtime names what runs others.',
    ],
    [
      inspect,
      ['a:v1', 'b.ts'],
      'invalid_option',
      'incant inspect takes FILE, and 2 arguments were given: a:v1 b.ts\n  Name one predictor file; options start with two dashes.',
    ],
  ])('refuses %o %j', (command, positionals, code, message) => {
    expect(startupError(() => readTarget(command, positionals))).toEqual({ code, message })
  })

  it.each([
    [
      'a:b:c',
      '"a:b:c" is not MODEL:VERSION\n  Write a name and a version of at most 128 letters, digits, ".", "_" and "-" each, such as somemodel:v1.',
    ],
    [
      '../m:v1',
      '"../m:v1" is not MODEL:VERSION\n  Write a name and a version of at most 128 letters, digits, ".", "_" and "-" each, such as somemodel:v1.',
    ],
    [
      'm:',
      '"m:" is not MODEL:VERSION\n  Write a name and a version of at most 128 letters, digits, ".", "_" and "-" each, such as somemodel:v1.',
    ],
  ])('refuses the model %s', (model, message) => {
    const file = join(temporaryFolder({ 'p.ts': '' }), 'p.ts')
    expect(startupError(() => readTarget(serve, [model, file]))).toEqual({ code: 'invalid_option', message })
  })

  it('refuses a model after the file, and says the order', () => {
    const file = join(temporaryFolder({ 'p.ts': '' }), 'p.ts')
    expect(startupError(() => readTarget(serve, [file, 'm:v1']))).toEqual({
      code: 'invalid_option',
      message: `"${file}" is not MODEL:VERSION\n  The model comes first: incant serve m:v1 ${file}`,
    })
  })
})

describe('resolvePath', () => {
  it('looks in the current folder first, then where npm was called', () => {
    const folder = temporaryFolder({ 'only-here.ts': '', 'package.json': '' })
    expect(resolvePath('only-here.ts', folder)).toBe(join(folder, 'only-here.ts'))
    expect(resolvePath('package.json', folder)).toBe(join(process.cwd(), 'package.json'))
    expect(resolvePath('absent.ts', folder)).toBe(join(process.cwd(), 'absent.ts'))
    expect(resolvePath('only-here.ts', undefined)).toBe(join(process.cwd(), 'only-here.ts'))
  })
})

describe('readTargets', () => {
  const folder = () => temporaryFolder({ 'a.ts': '', 'b.ts': '', 'c=d.ts': '' })
  const read = (words: readonly string[], cwd: string) =>
    readTargets(
      serve,
      words.map(word => word.replace('@', `${cwd}/`)),
    )

  it.each<[readonly string[], readonly (readonly [string, string | undefined, string | undefined])[]]>([
    [['@a.ts'], [['a.ts', undefined, undefined]]],
    [
      ['@a.ts', '@b.ts'],
      [
        ['a.ts', undefined, undefined],
        ['b.ts', undefined, undefined],
      ],
    ],
    [['ocr=@a.ts'], [['a.ts', 'ocr', undefined]]],
    [
      ['ocr:v2=@a.ts', '@b.ts'],
      [
        ['a.ts', 'ocr', 'v2'],
        ['b.ts', undefined, undefined],
      ],
    ],
    [
      ['ocr:v1', '@a.ts', 'ocr:v2', '@b.ts'],
      [
        ['a.ts', 'ocr', 'v1'],
        ['b.ts', 'ocr', 'v2'],
      ],
    ],
    [
      ['@a.ts', 'ocr:v1', '@b.ts', 'x=@a.ts'],
      [
        ['a.ts', undefined, undefined],
        ['b.ts', 'ocr', 'v1'],
        ['a.ts', 'x', undefined],
      ],
    ],
    [['@c=d.ts'], [['c=d.ts', undefined, undefined]]],
    [
      ['words', 'labels:en', '@a.ts', 'x=@b.ts'],
      [
        ['a.ts', 'words', undefined],
        ['b.ts', 'x', undefined],
      ],
    ],
  ])('%j', (words, expected) => {
    const cwd = folder()
    const found = read(words, cwd).map(({ file, model }) => [file.slice(cwd.length + 1), model?.name, model?.version])
    expect(found).toEqual(expected)
  })

  it.each([
    [['@a.ts', '@absent.ts'], 'file_not_found', /there is no file .*absent\.ts/],
    [['@a.ts', 'ocr:v1'], 'invalid_option', /The model comes first/],
    [['@a.ts', '@b.ts', 'ocr:v1'], 'invalid_option', /The model comes first/],
    [['a/b=@a.ts'], 'file_not_found', /there is no file/],
    [['a b=@a.ts'], 'invalid_option', /"a b" is not the name of a model/],
  ])('refuses %j', (words, code, message) => {
    const cwd = folder()
    const thrown = startupError(() => read(words, cwd))
    expect(thrown.code).toBe(code)
    expect(thrown.message).toMatch(message)
  })
})
