import { describe, expect, test } from 'vitest'
import { read, refusalOf } from './project.ts'

const IMPORT =
  "import { BasePredictor, HTTPException, type PredictContext, SequencePredictor, type Step } from 'incant'\ninterface State { left: number }\n"

function readSequence(source: string) {
  const { signatures, warnings } = read({ 'predictor.ts': `${IMPORT}${source}` })
  const [signature] = signatures
  if (signature === undefined) throw new Error('nothing was read')
  return { ...signature, warnings }
}

const writing = (members: string) => `export default class P extends SequencePredictor {\n  ${members}\n}`
const BEGIN = 'begin(text: string): State { return { left: text.length } }'
const STEP = 'step(states: State[]): Step<string>[] { return [] }'

const strings = [{ kind: 'stream', schema: { type: 'string' } }]

describe('a sequence predictor is read as one that takes a payload and gives a stream', () => {
  test.each([
    ['steps', `${BEGIN}\n  ${STEP}`, strings],
    [
      'a promise of readonly ones',
      `${BEGIN}\n  async step(states: readonly State[]) { return [{ item: 'a' }] }`,
      strings,
    ],
    ['an async begin', `async begin(text: string) { return { left: 1 } }\n  ${STEP}`, strings],
    [
      'errors in the place of steps, and steps that only end',
      `${BEGIN}\n  step(states: State[]): (Step<string> | HTTPException | { done: true })[] { return [] }`,
      strings,
    ],
    [
      'items of several types, of which some may be absent',
      `${BEGIN}\n  step(states: State[]): ({ item: string } | { item?: number | undefined; done: boolean })[] { return [] }`,
      [{ kind: 'stream', schema: { type: ['string', 'number'] } }],
    ],
    ['bytes', `${BEGIN}\n  step(states: State[]): Step<Uint8Array>[] { return [] }`, [{ kind: 'bytes' }]],
    ['nobody knows what', `${BEGIN}\n  step(states: any): any { return [] }`, []],
  ])('%s', (_name, members, returns) => {
    const { parameters, returns: found, warnings } = readSequence(writing(members))
    expect(parameters).toEqual([{ name: 'text', role: 'text', schema: { type: 'string' }, type: 'string' }])
    expect(found).toEqual(returns)
    expect(warnings).toEqual([])
  })

  test('whose parameters have the roles that predict’s would have, and its documentation', () => {
    const signature = readSequence(`interface Prompt {
  /** What the text begins with. @maxLength 9 */
  prompt: string
}
/** Writes on. */
${writing(`/** From a prompt. */\n  begin(prompt: Prompt, context: PredictContext, request: Request): State { throw 0 }\n  ${STEP}`)}`)
    expect(signature.parameters).toMatchObject([
      { name: 'prompt', role: 'payload' },
      { name: 'context', role: 'context' },
      { name: 'request', role: 'request' },
    ])
    expect(signature.description).toBe('Writes on.\n\nFrom a prompt.')
    expect(JSON.stringify(signature)).toContain('"maxLength":9')
  })

  test('of a chat, where begin takes its request', () => {
    const signature = readSequence(`import type { ChatRequest } from 'incant/openai'
${writing(`begin(request: ChatRequest): State { throw 0 }\n  ${STEP}`)}`)
    expect(signature.parameters).toMatchObject([{ name: 'request', role: 'payload', protocol: 'openai.chat' }])
    expect(signature.returns).toEqual(strings)
  })

  test('also where a class stands between, and where methods are inherited', () => {
    const signature = readSequence(`
abstract class Base<Item> extends SequencePredictor {
  begin(text: string) { return { left: text.length } }
  abstract step(states: State[]): Step<Item>[]
  end(state: State) {}
}
export default class P extends Base<number> { step(states: State[]) { return [{ item: 1, done: true }] } }`)
    expect(signature.returns).toEqual([{ kind: 'stream', schema: { type: 'number' } }])
  })

  test('in JavaScript, with JSDoc', () => {
    const { signatures } = read({
      'predictor.js': `import { SequencePredictor } from 'incant'
export default class P extends SequencePredictor {
  /** @param {{ text: string }} payload */
  begin({ text }) { return { rest: [...text] } }
  /** @param {{ rest: string[] }[]} states */
  step(states) { return states.map(({ rest }) => ({ item: rest.shift(), done: rest.length === 0 })) }
}`,
    })
    expect(signatures[0]?.returns).toEqual(strings)
  })

  test('begin and step are nothing special elsewhere', () => {
    const signature = readSequence(
      'export default class P extends BasePredictor { predict(text: string) { return 1 } begin() {} step() {} }',
    )
    expect(signature.returns).toEqual([{ kind: 'json', schema: { type: 'number' } }])
  })
})

describe('refused, with the place and what to write', () => {
  test.each<[string, string, { code: string; at: string; says: string[] }]>([
    [
      'begin is missing',
      STEP,
      { code: 'no_predict', at: 'predictor.ts:3:22', says: ['no begin method', 'begin(payload:'] },
    ],
    [
      'step is missing',
      BEGIN,
      { code: 'no_predict', at: 'predictor.ts:3:22', says: ['no step method', 'step(states:'] },
    ],
    [
      'predict stands beside them',
      `predict(text: string) {}\n  ${BEGIN}\n  ${STEP}`,
      { code: 'invalid_sequence', at: 'predictor.ts:4:3', says: ['a predict beside begin and step', 'Remove predict'] },
    ],
    [
      'predictBatch stands beside them',
      `predictBatch(texts: string[]) { return texts }\n  ${BEGIN}\n  ${STEP}`,
      { code: 'invalid_sequence', at: 'predictor.ts:4:3', says: ['a predictBatch beside begin and step'] },
    ],
    [
      'step takes nothing',
      `${BEGIN}\n  step(): Step<string>[] { return [] }`,
      { code: 'invalid_sequence', at: 'predictor.ts:5:3', says: ['step takes no states'] },
    ],
    [
      'step takes one state',
      `${BEGIN}\n  step(state: State): Step<string>[] { return [] }`,
      { code: 'invalid_sequence', at: 'predictor.ts:5:8', says: ['which is State and not an array', 'state: S[]'] },
    ],
    [
      'step takes more',
      `${BEGIN}\n  step(states: State[], context: PredictContext): Step<string>[] { return [] }`,
      { code: 'invalid_sequence', at: 'predictor.ts:5:25', says: ['takes context beside', 'begin(payload, context)'] },
    ],
    [
      'step takes other states',
      `begin(text: string) { return text }\n  ${STEP}`,
      {
        code: 'invalid_sequence',
        at: 'predictor.ts:5:8',
        says: ['begin returns string, and step takes states of State'],
      },
    ],
    [
      'end takes another state',
      `${BEGIN}\n  ${STEP}\n  end(state: string) {}`,
      { code: 'invalid_sequence', at: 'predictor.ts:6:7', says: ['begin returns State, and end takes string'] },
    ],
    [
      'step gives no array',
      `${BEGIN}\n  step(states: State[]): Step<string> { return {} }`,
      { code: 'invalid_sequence', at: 'predictor.ts:5:3', says: ['which is not an array of steps', 'Step<Item>[]'] },
    ],
    [
      'step gives items, not steps',
      `${BEGIN}\n  step(states: State[]): string[] { return [] }`,
      {
        code: 'invalid_sequence',
        at: 'predictor.ts:5:3',
        says: ['step returns string, which is not an array of steps'],
      },
    ],
    [
      'begin is private',
      `private ${BEGIN}\n  ${STEP}`,
      { code: 'no_predict', at: 'predictor.ts:4:11', says: ['P.begin is private', 'Remove private'] },
    ],
  ])('%s', (_name, members, { code, at, says }) => {
    const refusal = refusalOf(() => readSequence(writing(members)))
    expect({ code: refusal.code, at: refusal.at }).toEqual({ code, at })
    for (const part of says) expect(refusal.message).toContain(part)
  })
})
