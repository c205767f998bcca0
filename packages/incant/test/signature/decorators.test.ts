// @module-tag slow
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { input, readMarks, takes, withFullRequest } from '../../src/signature/decorators.ts'
import { answers } from './fixtures/decorated/predictors.ts'

const run = promisify(execFile)
const workspace = fileURLToPath(new URL('../../../../', import.meta.url))
const fixture = fileURLToPath(new URL('fixtures/decorated/predictors.ts', import.meta.url))

const EXPECTED = {
  taking: { payload: { a: 1 }, body: '{"a":1}' },
  takingStatic: { text: 'text' },
  raw: { raw: 'not JSON' },
  checked: [
    { text: 'a' },
    { code: 'invalid_payload', errors: [{ pointer: '#/text', detail: 'must not be empty' }] },
    { code: 'invalid_payload', errors: [{ pointer: '#/text', detail: expect.any(String) }] },
  ],
  checkedLater: [{ word: 'known' }, { code: 'invalid_payload', errors: [{ pointer: '#', detail: 'must be known' }] }],
  both: [
    { payload: 'one', body: '1' },
    { code: 'invalid_payload', errors: [{ pointer: '#', detail: 'must be 1' }] },
  ],
  inherited: { payload: 'one', body: '1' },
}

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

/** A project of its own that has `incant` and `valibot` installed, and the fixture. */
async function makeProject(compilerOptions: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'incant-decorators-'))
  folders.push(folder)
  await mkdir(join(folder, 'node_modules'))
  await symlink(join(workspace, 'packages/incant'), join(folder, 'node_modules/incant'), 'junction')
  await symlink(join(workspace, 'node_modules/valibot'), join(folder, 'node_modules/valibot'), 'junction')
  await cp(fixture, join(folder, 'predictors.ts'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const options = { strict: true, module: 'nodenext', target: 'es2022', lib: ['es2023', 'dom', 'esnext.decorators'] }
  const config = { compilerOptions: { ...options, skipLibCheck: true, types: [], outDir: 'out', ...compilerOptions } }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  return folder
}

async function compileAndRun(compilerOptions: object): Promise<unknown> {
  const folder = await makeProject(compilerOptions)
  const compiler = join(workspace, 'node_modules/typescript/bin/tsc')
  // A type that does not fit fails here, with what the compiler says.
  await run(process.execPath, [compiler, '--project', folder]).catch((failure: { stdout: string }) => {
    throw new Error(failure.stdout)
  })
  await writeFile(join(folder, 'out/package.json'), '{ "type": "module" }')
  const script = `import('./out/predictors.js').then(all => all.answers()).then(all => console.log(JSON.stringify(all)))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder })
  return JSON.parse(stdout)
}

describe('@takes, @withFullRequest and @input work', () => {
  test('as esbuild lowers the standard ones', async () => {
    expect(JSON.parse(JSON.stringify(await answers()))).toEqual(EXPECTED)
  })

  test('as TypeScript writes the standard ones, and type-check', async () => {
    expect(await compileAndRun({})).toEqual(EXPECTED)
  })

  test('as TypeScript writes experimentalDecorators, and type-check', async () => {
    expect(await compileAndRun({ experimentalDecorators: true })).toEqual(EXPECTED)
  })
})

describe('what they leave', () => {
  test('is on the method, each its own', () => {
    const schema = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const
    class Marked extends BasePredictor {
      @takes('payload')
      @input(schema)
      predict(_payload: unknown) {}
      @withFullRequest
      other(_request: Request) {}
      plain() {}
    }
    expect(readMarks(Marked.prototype.predict)).toEqual({ roles: ['payload'], schema })
    expect(readMarks(Marked.prototype.other)).toEqual({ roles: ['request'] })
    expect(readMarks(Marked.prototype.plain)).toEqual({})
    expect(readMarks(undefined)).toEqual({})
  })

  test('is not on a method that overrides', () => {
    class Parent extends BasePredictor {
      @takes('text')
      predict(_text: unknown) {}
    }
    class Child extends Parent {
      override predict(_payload: unknown) {}
    }
    expect(readMarks(Child.prototype.predict)).toEqual({})
  })

  test.each([
    ['a field, standard', () => Reflect.apply(takes('payload'), undefined, [undefined, { kind: 'field' }])],
    ['a field, experimental', () => Reflect.apply(takes('payload'), undefined, [{}, 'predict', {}])],
  ])('is refused on what is no method: %s', (_name, decorate) => {
    expect(decorate).toThrow(
      expect.objectContaining({
        code: 'no_predict',
        found: '@takes, @withFullRequest or @input is used on something that is not a method',
      }),
    )
  })
})
