import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { describeThrown, toError } from '../../src/errors/describe-thrown.ts'
import { withoutOwnFrames } from '../../src/errors/own-frames.ts'

class Refusal {
  readonly code = 5
}

describe('what is no error is described as util.inspect shows it, without a stack', () => {
  test.each<[string, unknown, string, string]>([
    ['a string', 'no model', 'string', 'no model'],
    ['null', null, 'null', 'null'],
    ['undefined', undefined, 'undefined', 'undefined'],
    ['a number', -0, 'number', '-0'],
    ['an object', { code: 5, in: { a: [1] } }, 'object', '{ code: 5, in: { a: [ 1 ] } }'],
    ['an object of a class', new Refusal(), 'object', 'Refusal { code: 5 }'],
    ['a Map', new Map([['a', 1]]), 'object', "Map(1) { 'a' => 1 }"],
  ])('%s', (_name, thrown, name, message) => {
    expect(describeThrown(thrown)).toEqual({ name, message })
  })
})

describe('an error', () => {
  test('has what it holds, and the errors of several', () => {
    const error = Object.assign(new Error('no such file'), { code: 'ENOENT', path: '/model' })
    expect(describeThrown(error)).toMatchObject({ properties: "{ code: 'ENOENT', path: '/model' }" })
    const several = describeThrown(new AggregateError([new Error('first')], 'all failed'))
    expect(several.properties).toContain('Error: first')
    expect(describeThrown(new Error('plain')).properties).toBeUndefined()
  })

  test('has its causes, of whatever kind', () => {
    const error = new Error('outer', { cause: { code: 5 } })
    expect(describeThrown(error).cause).toEqual({ name: 'object', message: '{ code: 5 }' })
  })

  test('that stands for one of another process is described as it was there', () => {
    const there = describeThrown(Object.assign(new TypeError('broken'), { code: 5 }))
    expect(describeThrown(toError(there))).toEqual(there)
    expect(toError(there)).toMatchObject({ name: 'TypeError', message: 'broken', stack: there.stack })
    const nothing = describeThrown(null)
    expect(describeThrown(toError(nothing))).toEqual({ name: 'null', message: 'null' })
    expect(inspect(toError(nothing))).not.toContain('describe-thrown')
  })
})

describe('a stack', () => {
  const own = new URL('../../src/engine/call-predict.ts', import.meta.url).href
  const user = '    at Predictor.predict (file:///app/predictor.ts:9:11)'
  const native = '    at JSON.parse (<anonymous>)'

  test('ends where our code called, and has none of its frames', () => {
    const stack = [
      'Error: two',
      '  lines',
      native,
      user,
      `    at call (${own}:3:1)`,
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
      '    at dispatch (file:///app/node_modules/hono/dist/hono-base.js:9:1)',
    ]
    expect(withoutOwnFrames(stack.join('\n'))).toBe(['Error: two', '  lines', native, user].join('\n'))
  })

  test('is none where all of it is ours', () => {
    expect(withoutOwnFrames(`Error: ours\n    at call (${own}:3:1)`)).toBeUndefined()
    expect(withoutOwnFrames('no stack')).toBeUndefined()
  })

  test('stays as it is in the code of somebody else, also in a folder of our name', () => {
    const stack = `Error: theirs\n    at run (/home/me/incant/src/run.ts:3:1)\n${user}`
    expect(withoutOwnFrames(stack)).toBe(stack)
  })
})
