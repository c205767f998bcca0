import { expect, test } from 'vitest'
import { judgePattern } from '../../src/pattern/judge-pattern.ts'
import { readSource } from './project.ts'

interface Template {
  readonly type: string
  readonly accepted: readonly string[]
  readonly refused: readonly string[]
}

/** What the checker says of each text, as `const text: Type = '…'`. */
const TEMPLATES: readonly Template[] = [
  {
    type: `\`\${number}px\``,
    accepted: ['12px', '1.5px', '.5px', '5.px', '-1e5px', '0x1fpx'],
    refused: ['px', '1.2.3px'],
  },
  { type: `\`\${number}\${string}x\``, accepted: ['12abcx', '1x'], refused: ['.5x', 'x', '-1x'] },
  { type: `\`\${number}.\${number}\``, accepted: ['1.2', '1.2.3', '1..5'], refused: ['1.5.2.3', '.1', '1'] },
  { type: `\`\${number}.\${number}.\${number}\``, accepted: ['1.2.3', '1.2.3.4'], refused: ['1.2', '1.2.3.4.5'] },
  { type: `\`\${number}e5\``, accepted: ['1e5', '1e5e5'], refused: ['e5', '1'] },
  { type: `\`\${number}-\${number}\``, accepted: ['1-2', '1--2', '1-1e-5'], refused: ['-1-2', '1-'] },
  { type: `\`\${number}x\${number}\``, accepted: ['1x2', '1x0x10', '0x1'], refused: ['x1', '1x'] },
  { type: `\`\${number}0\${string}\``, accepted: ['500', '50a'], refused: ['05', '5'] },
  { type: `\`\${number}00\``, accepted: ['5000', '100'], refused: ['00', '0'] },
  { type: `\`\${bigint}-\${bigint}\``, accepted: ['1-2', '1--2'], refused: ['-1-2', '01-2'] },
  { type: `\`\${bigint}\${string}\``, accepted: ['1', '1a', '12'], refused: ['-1', 'a'] },
  { type: `\`\${string}\${number}\``, accepted: ['a5', '55'], refused: ['ab5', '5'] },
  { type: `\`\${string}, \${string}\``, accepted: ['a, b', ', ', 'a, b, c'], refused: ['a,b'] },
]

const patternOf = (type: string): string => {
  const { signature } = readSource(
    `export default class Predictor extends BasePredictor {\n  predict(payload: { text: ${type} }): number { return 1 }\n}\n`,
  )
  return signature.parameters[0]?.schema?.properties?.['text']?.pattern ?? ''
}

test.each(TEMPLATES)('$type takes what the checker takes', ({ type, accepted, refused }) => {
  const expression = new RegExp(patternOf(type), 'u')
  expect(accepted.filter(text => !expression.test(text))).toEqual([])
  expect(refused.filter(text => expression.test(text))).toEqual([])
})

// The search is random and limited in time: on a busy machine it may find what is none.
const SEARCH = { tags: ['slow'], retry: 3 }

test.each(TEMPLATES)('no text is found on which $type takes more than linear time', SEARCH, ({ type }) => {
  expect(judgePattern(patternOf(type), undefined)?.found ?? '').not.toContain('takes time')
})
