// @module-tag slow
import { describe, expect, test } from 'vitest'
import { serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `import { BasePredictor } from 'incant'

class ModelError extends Error {
  override name = 'ModelError'
  readonly tensor = { shape: [1, 3] }
}

function compute(): never {
  throw new ModelError('the shapes differ', { cause: { code: 5 } })
}

export default class Predictor extends BasePredictor {
  async predict(payload: { how: string }): Promise<unknown> {
    await Promise.resolve()
    if (payload.how === 'object') throw { code: 5 }
    if (payload.how === 'null') throw null
    if (payload.how === 'string') throw 'no model'
    if (payload.how === 'map') return { m: { at: new Map([[1, 2]]) } } as unknown
    return compute()
  }
}
`

describe.each([
  ['a process of its own', []],
  ['the process of the server', ['--workers', '0']],
])('what predict throws in %s', (_name, words) => {
  test('is in the log as it is, with a stack of the code of the predictor and of no other', async () => {
    const server = serveFile(['p.ts', ...words], { cwd: temporaryFolder({ 'p.ts': PREDICTOR }) })
    const { url } = await server.ready()
    const hows = ['object', 'null', 'string', 'map', 'error']
    for (const how of hows) {
      const response = await fetch(`${url}/predict`, { method: 'POST', body: JSON.stringify({ how }) })
      expect(response.status).toBe(500)
    }
    server.kill('SIGTERM')
    const lines = (await server.ended).stdout.split('\n').filter(line => line.includes('predict failed'))
    const [object, nothing, text, map, error] = lines.map(line => JSON.parse(line).error)
    expect(object).toEqual({ name: 'object', message: '{ code: 5 }' })
    expect(nothing).toEqual({ name: 'null', message: 'null' })
    expect(text).toEqual({ name: 'string', message: 'no model' })
    expect(map).not.toHaveProperty('stack')
    expect(error).toMatchObject({
      name: 'ModelError',
      message: 'the shapes differ',
      properties: '{ tensor: { shape: [ 1, 3 ] } }',
      cause: { name: 'object', message: '{ code: 5 }' },
    })
    const frames = error.stack.split('\n').filter((line: string) => /^\s+at /.test(line))
    expect(frames).toHaveLength(2)
    for (const frame of frames) expect(frame).toMatch(/p\.ts:\d+:\d+\)?$/)
  })
})
