import { BasePredictor } from 'incant'
import { describe, expect, it } from 'vitest'
import { choosePredictor, hasPredictor } from '../../src/load/choose-predictor.ts'
import { startupError } from '../startup-error.ts'

class One extends BasePredictor {
  predict(): number {
    return 1
  }
}

class Two extends BasePredictor {
  predict(): number {
    return 2
  }
}

const CHOICE = { file: '/m/p.js', signature: undefined, className: undefined }

describe('the class to serve among the exports of a file without types', () => {
  it('is the only one, under however many names', () => {
    const exports = new Map<string, unknown>([
      ['default', One],
      ['One', One],
      ['version', 3],
    ])
    expect(choosePredictor(exports, CHOICE)).toBe(One)
  })

  const both = new Map<string, unknown>([
    ['One', One],
    ['Two', Two],
  ])

  it('is the named one', () => {
    expect(choosePredictor(both, { ...CHOICE, className: 'Two' })).toBe(Two)
    expect([hasPredictor(both, 'Two'), hasPredictor(both, 'Three'), hasPredictor(both, undefined)]).toEqual([
      true,
      false,
      true,
    ])
  })

  it.each([
    ['none', new Map(), undefined, 'no_predictor', 'no class extends BasePredictor'],
    ['several', both, undefined, 'several_predictors', '2 classes extend BasePredictor: One, Two'],
    ['none of the name', both, 'Three', 'no_predictor', 'no class named Three extends BasePredictor'],
  ])('is refused in the words of the types: %s', (_, exports, className, code, found) => {
    const error = startupError(() => choosePredictor(exports, { ...CHOICE, className }))
    expect(error.code).toBe(code)
    expect(error.message).toContain(found)
  })
})
