// @module-tag slow
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const SDK = fileURLToPath(new URL('../../../incant', import.meta.url))
const MODULE = '{"type":"module"}'
const TYPED = `import { BasePredictor } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }): number { return payload.text.length }
}
`
/** What the command says of it. */
const LOADED = 'ok p.ts: Predictor.predict(payload: { text: string }) → number\n'
const JSDOC = `
  /** @param {{ text: string }} payload @returns {number} */
  predict(payload) { return payload.text.length }
}
`

/** Loads a file and checks it, with no package of ours in reach of it. */
async function validate(files: Readonly<Record<string, string>>, file: string): Promise<string> {
  const { stdout, stderr } = await runIncant(['serve', '--validate', file], { cwd: temporaryFolder(files) })
  return stdout + stderr
}

describe('incant serve loads', () => {
  it('TypeScript from a folder with nothing in it', async () => {
    expect(await validate({ 'p.ts': TYPED }, 'p.ts')).toContain(LOADED)
  })

  it.each<[string, string, Record<string, string>]>([
    ['TypeScript in a package of modules', 'p.ts', { 'p.ts': TYPED, 'package.json': MODULE }],
    ['.mts', 'p.mts', { 'p.mts': TYPED }],
    ['.cts', 'p.cts', { 'p.cts': TYPED, 'package.json': MODULE }],
    [
      '.mjs',
      'p.mjs',
      {
        'p.mjs': `import { BasePredictor } from 'incant'\nexport default class Predictor extends BasePredictor {${JSDOC}`,
      },
    ],
    [
      '.js with import in a package that says nothing',
      'p.js',
      { 'p.js': `import { BasePredictor } from 'incant'\nexport class Predictor extends BasePredictor {${JSDOC}` },
    ],
    [
      '.cjs',
      'p.cjs',
      {
        'p.cjs': `const { BasePredictor } = require('incant')\nmodule.exports = class Predictor extends BasePredictor {${JSDOC}`,
        'package.json': MODULE,
      },
    ],
    [
      '.cjs with a named export',
      'p.cjs',
      {
        'p.cjs': `const { BasePredictor } = require('incant')\nexports.Predictor = class Predictor extends BasePredictor {${JSDOC}`,
      },
    ],
  ])('%s', async (_name, file, files) => {
    expect(await validate(files, file)).toContain(LOADED.replace('p.ts', file))
  })

  it.each([
    ['modules', MODULE],
    ['CommonJS', '{}'],
  ])('imports with and without extensions, in %s', async (_name, manifest) => {
    const files = {
      'package.json': manifest,
      'predictor.ts': `import { BasePredictor } from 'incant'
import { first } from './lib/first'
import { second } from './lib/second.ts'
import { third } from './lib/third.js'
import { index } from './lib'
enum Mode { Fast = 'fast' }
export default class Predictor extends BasePredictor {
  constructor(private readonly mode = Mode.Fast) { super() }
  predict(payload: { text: string }): string { return [this.mode, first, second, third, index, payload.text].join() }
}
if (![first, second, third, index].every(Boolean)) throw new Error('unresolved')
`,
      'lib/first.ts': 'export const first = 1',
      'lib/second.ts': 'export const second = 2',
      'lib/third.ts': 'export const third = 3',
      'lib/index.ts': 'export const index = 4',
    }
    expect(await validate(files, 'predictor.ts')).toContain(
      'ok predictor.ts: Predictor.predict(payload: { text: string }) → text',
    )
  })

  it.each([
    ['modules', MODULE],
    ['CommonJS', '{}'],
  ])('paths of the tsconfig.json nearest to the file, not to the current folder, in %s', async (_name, manifest) => {
    const files = {
      'tsconfig.json': '{"compilerOptions":{"paths":{"#lib/*":["./absent/*"]}}}',
      'package.json': manifest,
      'app/tsconfig.json':
        '{ // comments\n "compilerOptions":{"module":"preserve","paths":{"@lib/*":["./library/*"]},},}',
      'app/src/predictor.ts': `import { BasePredictor } from 'incant'
import { size, type Text } from '@lib/size'
export default class Predictor extends BasePredictor {
  predict(payload: Text): number { return size(payload) }
}
`,
      'app/library/size.ts':
        'export interface Text { text: string }\nexport const size = (payload: Text) => payload.text.length',
    }
    const output = await validate(files, 'app/src/predictor.ts')
    expect(output).toContain('ok app/src/predictor.ts: Predictor.predict(payload: Text) → number')
  })

  it.each([
    [
      'standard decorators',
      '{}',
      'method: Function, context: ClassMethodDecoratorContext',
      `typeof context === 'object' && context.kind === 'method'`,
    ],
    [
      'experimentalDecorators',
      '{"compilerOptions":{"experimentalDecorators":true,"module":"preserve"}}',
      'method: object, context: string',
      `context === 'predict'`,
    ],
  ])('%s', async (_name, tsconfig, parameters, condition) => {
    const files = {
      'tsconfig.json': tsconfig,
      'predictor.ts': `import { BasePredictor, takes } from 'incant'
function check(${parameters}): void { if (!(${condition})) throw new Error('the other mode') }
export default class Predictor extends BasePredictor {
  @check
  @takes('payload')
  predict(payload: { text: string }): number { return payload.text.length }
}
`,
    }
    expect(await validate(files, 'predictor.ts')).toContain('ok predictor.ts: Predictor.predict(')
  })

  it("uses the predictor's own copy of incant where it has one", async () => {
    const folder = temporaryFolder({
      'package.json': MODULE,
      'predictor.ts': `${TYPED}console.log('incant is', import.meta.resolve('incant'))\n`,
    })
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(SDK, join(folder, 'node_modules/incant'))
    const { stdout } = await runIncant(['serve', '--validate', 'predictor.ts'], { cwd: folder })
    expect(stdout).toContain('ok predictor.ts')
  })

  it('takes another copy of the base class for the same', async () => {
    const base = `const brand = Symbol.for('incant.BasePredictor')\nexport class BasePredictor { static [brand] = true }\n`
    const files = {
      'package.json': MODULE,
      'predictor.js': `${base}export default class Predictor extends BasePredictor { predict(payload) { return 1 } }\n`,
    }
    expect(await validate(files, 'predictor.js')).toContain(
      'ok predictor.js: Predictor.predict(payload: unknown) → unknown',
    )
  })

  it('warns of a type error elsewhere in the file, and goes on', async () => {
    const output = await validate({ 'p.ts': `${TYPED}export const wrong: number = 'text'\n` }, 'p.ts')
    expect(output).toContain('ok p.ts: Predictor.predict')
    expect(output).toMatch(/^warning: p\.ts:5:14: .*not assignable to type 'number'/m)
  })

  it('says once that the types of Node are missing, and goes on', async () => {
    const text = `import { readFileSync } from 'node:fs'\n${TYPED}readFileSync(process.argv[1] ?? '')\n`
    const output = await validate({ 'p.ts': text }, 'p.ts')
    expect(output).toContain('ok p.ts: Predictor.predict')
    expect(output.match(/^warning: .*/gm)).toEqual([
      'warning: the file uses Node, whose types are not installed: npm install --save-dev @types/node',
    ])
  })

  it('chooses one of several classes', async () => {
    const folder = temporaryFolder({
      'p.ts': `import { BasePredictor } from 'incant'
export class Small extends BasePredictor { predict(payload: string): string { return payload } }
export class Large extends BasePredictor { predict(payload: number): number { return payload } }
`,
    })
    const { stdout } = await runIncant(['serve', '--validate', 'p.ts', '--class-name', 'Large'], { cwd: folder })
    expect(stdout).toBe('ok p.ts: Large.predict(payload: number) → number\n')
  })
})
