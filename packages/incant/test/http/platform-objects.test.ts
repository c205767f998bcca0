import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { isBlob, isReadableStream, isResponse } from '../../src/http/platform-objects.ts'

class Derived extends Response {}

it.each([
  ['Response', isResponse, [new Response(), new Derived()], [new Request('http://localhost'), {}, 'Response', null]],
  ['Blob', isBlob, [new Blob([]), new File([], 'name')], [new Uint8Array(1), new FormData(), undefined]],
  ['ReadableStream', isReadableStream, [new ReadableStream(), new Blob([]).stream()], [new WritableStream(), [], 1]],
])('tells a %s from everything else', (_, is, those, others) => {
  expect(those.map(is)).toEqual(those.map(() => true))
  expect(others.map(is)).toEqual(others.map(() => false))
})

it('does not load a class to ask for it', () => {
  const module = new URL('../../src/http/platform-objects.ts', import.meta.url)
  const program = `
    const isLoaded = name => Object.getOwnPropertyDescriptor(globalThis, name).get === undefined
    const loaded = () => ['Response', 'Blob', 'ReadableStream'].filter(isLoaded).join()
    // What loads TypeScript has loaded some of them, by the version of Node.
    const before = loaded()
    const { isBlob, isReadableStream, isResponse } = await import(${JSON.stringify(module)})
    for (const is of [isBlob, isReadableStream, isResponse]) is({ a: 1 })
    console.log(loaded() === before)`
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
  })
  expect(stdout).toBe('true\n')
})
