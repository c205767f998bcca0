// @module-tag slow
import { describe, expect, it } from 'vitest'
import { watchLoading } from '../../src/load/watch-loading.ts'
import { type Ending, runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `import { BasePredictor } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }): number { return payload.text.length }
}
`

function validate(files: Readonly<Record<string, string>>, env: Record<string, string> = {}): Promise<Ending> {
  return runIncant(['serve', '--validate', 'p.ts'], { cwd: temporaryFolder(files), env })
}

describe('a file that calls process.exit as it is loaded', () => {
  it.each([
    ['at its top', `${PREDICTOR}process.exit(3)\n`, 'process.exit(3)', 'p.ts:5:9'],
    ['in a function', `${PREDICTOR}const end = () => process.exit()\nend()\n`, 'process.exit(0)', 'p.ts:5:27'],
  ])('%s is named with the place', async (_name, text, found, place) => {
    const { code, stderr } = await validate({ 'p.ts': text })
    expect(code).toBe(1)
    expect(stderr).toContain(`${found} was called while the file was loaded`)
    expect(stderr).toContain(place)
  })

  it('by a package is named, and the code stays', async () => {
    const { code, stderr } = await validate({
      'package.json': '{"type":"module"}',
      'p.ts': `import 'exits'\n${PREDICTOR}`,
      'node_modules/exits/package.json': '{"type":"module","exports":"./index.js"}',
      'node_modules/exits/index.js': 'process.exit(7)',
    })
    expect(stderr).toContain('process.exit(7) was called while the file was loaded')
    expect(code).toBe(7)
  })
})

describe('an await at the top of a file that never settles', () => {
  it('is named where it leaves the process with nothing to do', async () => {
    const { code, stderr } = await validate({
      'package.json': '{"type":"module"}',
      'p.ts': `${PREDICTOR}await new Promise(() => {})\n`,
    })
    expect(stderr).toContain('a top-level await in the file, or in one that it imports, never settles')
    expect(code).toBe(1)
  })

  it('is named after a while where the process goes on', async () => {
    let finish = (): void => {}
    const loading = new Promise<void>(resolve => {
      finish = resolve
    })
    const warned = new Promise<string>(warn => {
      void watchLoading('p.ts', () => loading, { patience: 1, warn })
    })
    // The timer keeps no process alive, so something else must.
    const alive = setInterval(() => {}, 1_000)
    expect(await warned).toContain('p.ts is still being loaded after 0.001 s')
    clearInterval(alive)
    finish()
  })

  it('leaves process.exit as it was, and no listener', async () => {
    const { exit } = process
    const listeners = process.listenerCount('exit')
    expect(await watchLoading('p.ts', async () => 5)).toBe(5)
    expect(process.exit).toBe(exit)
    expect(process.listenerCount('exit')).toBe(listeners)
  })
})

describe('await at the top of a file is no matter', () => {
  const AWAITING = `import { BasePredictor } from 'incant'
import { seven } from './seven'
const three = await Promise.resolve(3)
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }): number { return payload.text.length + three + seven }
}
`
  it.each([
    ['of a package without a word about its kind', '{}'],
    ['of a package of CommonJS', '{"type":"commonjs"}'],
    ['of a package of modules', '{"type":"module"}'],
  ])('%s', async (_name, manifest) => {
    const files = { 'p.ts': AWAITING, 'seven.ts': 'export const seven = await Promise.resolve(7)\n' }
    const { stdout, stderr } = await validate({ ...files, 'package.json': manifest })
    expect(stderr).toBe('')
    expect(stdout).toContain('ok p.ts: Predictor.predict(payload: { text: string }) → number')
  })

  it('nor where a file that it imports awaits alone, beside CommonJS', async () => {
    const { stdout, stderr } = await validate({
      'p.ts': `import { seven } from './seven'\nimport { one } from './one.js'\nexport const eight = seven + one\n${PREDICTOR}`,
      'seven.ts': 'export const seven = await Promise.resolve(7)\n',
      'one.js': 'exports.one = 1\n',
      'one.d.ts': 'export const one: number\n',
    })
    expect(stdout + stderr).toMatch(/^ok p\.ts/)
  })

  it('but one that cannot be a module says what to do', async () => {
    const cwd = temporaryFolder({ 'p.cts': `${PREDICTOR}await Promise.resolve()\n` })
    const { stderr } = await runIncant(['serve', '--validate', 'p.cts'], { cwd })
    expect(stderr).toContain('top-level await does not work in a CommonJS file')
    expect(stderr).toContain('Rename the file to .mts')
  })
})

it('the command says that it needs Node', async () => {
  const asDeno = "--import data:text/javascript,globalThis.Deno={version:{deno:'2.9.3'}}"
  const { code, stderr } = await validate({ 'p.ts': PREDICTOR }, { NODE_OPTIONS: asDeno })
  expect(stderr).toMatch(/^incant: this is Deno 2\.9\.3, and the command needs Node 20\.19 or newer\n/)
  expect(code).toBe(1)
})
