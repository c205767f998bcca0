import { describe, expect, it } from 'vitest'
import { suggest } from '../../src/report/suggest.ts'

const NAMES = ['--port', '--host', '--max-body-size', '--max-body-chunks']

describe('suggest', () => {
  it.each([
    ['--prot', '--port'],
    ['--prt', '--port'],
    ['--PORT', '--port'],
    ['--max-bodysize', '--max-body-size'],
    ['--maxbodychunk', '--max-body-chunks'],
  ])('takes %s for %s', (given, meant) => {
    expect(suggest(given, NAMES)).toBe(meant)
  })

  it('suggests nothing where nothing is near', () => {
    expect(suggest('--colour', NAMES)).toBeUndefined()
    expect(suggest('x', [])).toBeUndefined()
  })
})
