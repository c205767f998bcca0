import { describe, expect, test } from 'vitest'
import { describeSignature } from '../../src/announce/describe-signature.ts'
import { read, refusalOf } from './project.ts'

const IMPORT =
  "import { BackgroundTasks, BatchPredictor, BasePredictor, HTTPException, type PredictContext } from 'incant'\n"

function readBatch(source: string) {
  const { signatures, warnings } = read({ 'predictor.ts': `${IMPORT}${source}` })
  const [signature] = signatures
  if (signature === undefined) throw new Error('nothing was read')
  return { ...signature, warnings }
}

const batching = (members: string) => `export default class P extends BatchPredictor {\n  ${members}\n}`

describe('a batch predictor is read as one that takes a single payload', () => {
  const text = { name: 'payload', role: 'text', schema: { type: 'string' }, type: 'string' }
  const numbers = { kind: 'json', schema: { type: 'array', items: { type: 'number' } } }

  test.each([
    ['an array', 'predictBatch(texts: string[]): number[][] { return [] }', [text], [numbers]],
    ['readonly, and a promise', 'async predictBatch(texts: readonly string[]) { return [[1]] }', [text], [numbers]],
    ['Array<T>', 'predictBatch(texts: Array<string>): Array<number[]> { return [] }', [text], [numbers]],
    [
      'ReadonlyArray<T>',
      'predictBatch(texts: ReadonlyArray<string>): Promise<readonly number[][]> { throw 0 }',
      [text],
      [numbers],
    ],
    [
      'typed arrays',
      'predictBatch(texts: string[]): Float32Array { throw 0 }',
      [text],
      [{ kind: 'json', schema: { type: 'number' } }],
    ],
    [
      'errors in the place of results',
      'predictBatch(texts: string[]): (number[] | Error | HTTPException)[] { return [] }',
      [text],
      [numbers],
    ],
    ['promises of results', 'predictBatch(texts: string[]): Promise<number[]>[] { return [] }', [text], [numbers]],
    [
      'results of several forms',
      'predictBatch(texts: string[]): (Response | string)[] { return [] }',
      [text],
      [{ kind: 'text', schema: { type: 'string' } }, { kind: 'response' }],
    ],
    [
      'bytes',
      'predictBatch(images: Uint8Array[]): string[] { return [] }',
      [{ name: 'payload', role: 'bytes', bodyClass: 'Uint8Array', type: 'Uint8Array<ArrayBufferLike>' }],
      [{ kind: 'text', schema: { type: 'string' } }],
    ],
    [
      'requests',
      'predictBatch(requests: Request[]): string[] { return [] }',
      [{ name: 'payload', role: 'request', type: 'Request' }],
      [{ kind: 'text', schema: { type: 'string' } }],
    ],
    [
      'anything',
      'predictBatch(payloads: any[]): any[] { return [] }',
      [{ name: 'payload', role: 'payload', type: 'any' }],
      [],
    ],
    ['any', 'predictBatch(payloads: any): any { return [] }', [{ name: 'payload', role: 'payload', type: 'any' }], []],
    [
      'payloads that may be missing',
      'predictBatch(texts: (string | undefined)[]): void[] { return [] }',
      [{ ...text, type: 'string | undefined', optional: true }],
      [{ kind: 'json', schema: { type: 'null' } }],
    ],
  ])('%s', (_name, members, parameters, returns) => {
    const signature = readBatch(batching(members))
    expect(signature.parameters).toEqual(parameters)
    expect(signature.returns).toEqual(returns)
    expect(signature.warnings).toEqual([])
  })

  test('with the constraints and the documentation of the payload', () => {
    const signature = readBatch(`
interface Passage {
  /** What to embed. @minLength 1 @example "Guten Tag" */
  text: string
}
/** Embeds. */
${batching('/** Many at once. */\n  predictBatch(passages: Passage[]): Float32Array[] { return [] }')}`)
    expect(signature.parameters[0]?.schema).toEqual({
      type: 'object',
      properties: {
        text: { type: 'string', minLength: 1, examples: ['Guten Tag'], description: 'What to embed.' },
      },
      required: ['text'],
    })
    expect(signature.description).toBe('Embeds.\n\nMany at once.')
  })

  test('the line for a person shows a single payload', () => {
    const signature = readBatch(batching('predictBatch(texts: string[]): number[][] { return [] }'))
    expect(describeSignature(signature)).toBe('P.predict(payload: string) → number[]')
  })

  test('a base class of their own', () => {
    const signature = readBatch(`
abstract class Base<T, R> extends BatchPredictor { abstract predictBatch(items: T[]): R[] }
export default class P extends Base<string, number> { predictBatch(items: string[]) { return items.map(Number) } }`)
    expect(signature.parameters).toEqual([text])
    expect(signature.returns).toEqual([{ kind: 'json', schema: { type: 'number' } }])
  })

  test('JavaScript with JSDoc types', () => {
    const { signatures } = read({
      'predictor.js': `import { BatchPredictor } from 'incant'
export default class P extends BatchPredictor {
  /** @param {string[]} texts @returns {number[]} */
  predictBatch(texts) { return texts.map(text => text.length) }
}`,
    })
    expect(signatures[0]?.parameters).toEqual([text])
    expect(signatures[0]?.returns).toEqual([{ kind: 'json', schema: { type: 'number' } }])
  })
})

describe('with prepare', () => {
  test('its parameters are what a call brings', () => {
    const signature = readBatch(
      batching(`async prepare(text: string, request: Request, context: PredictContext, tasks: BackgroundTasks) {
    return { tokens: [1], language: request.headers.get('accept-language') }
  }
  predictBatch(items: { tokens: number[], language: string | null }[]): number[] { return [] }`),
    )
    expect(signature.parameters.map(({ name, role }) => [name, role])).toEqual([
      ['text', 'text'],
      ['request', 'request'],
      ['context', 'context'],
      ['tasks', 'tasks'],
    ])
    expect(signature.returns).toEqual([{ kind: 'json', schema: { type: 'number' } }])
  })

  test('items may be what JSON cannot carry', () => {
    const signature = readBatch(
      batching(
        'prepare(text: string) { return new Map([[text, 1]]) }\n  predictBatch(items: Map<string, number>[]): number[] { return [] }',
      ),
    )
    expect(signature.parameters).toMatchObject([{ name: 'text', role: 'text' }])
  })
})

describe('refused, with the place and what to write', () => {
  test.each<[string, string, { code: string; at: string; says: string[] }]>([
    [
      'predictBatch is missing',
      'export default class P extends BatchPredictor {}',
      {
        code: 'no_predict',
        at: 'predictor.ts:2:22',
        says: ['P extends BatchPredictor and has no predictBatch method', 'Write: predictBatch('],
      },
    ],
    [
      'predict stands in its place',
      batching('predict(text: string) {}'),
      { code: 'no_predict', at: 'predictor.ts:2:22', says: ['no predictBatch method', 'or extend BasePredictor'] },
    ],
    [
      'predict stands beside it',
      batching('predict(text: string) {}\n  predictBatch(texts: string[]): string[] { return texts }'),
      { code: 'invalid_batch', at: 'predictor.ts:3:3', says: ['both predict and predictBatch', 'Remove one'] },
    ],
    [
      'it takes no array',
      batching('predictBatch(text: string): string[] { return [] }'),
      {
        code: 'invalid_batch',
        at: 'predictor.ts:3:16',
        says: ['takes text, which is string and not an array', 'Write text: T[]'],
      },
    ],
    [
      'it takes a rest parameter',
      batching('predictBatch(...texts: string[]): string[] { return [] }'),
      { code: 'invalid_batch', at: 'predictor.ts:3:19', says: ['not an array of payloads', 'Write texts: T[]'] },
    ],
    [
      'it takes nothing',
      batching('predictBatch(): string[] { return [] }'),
      { code: 'invalid_batch', at: 'predictor.ts:3:3', says: ['takes no payloads'] },
    ],
    [
      'it takes more than the payloads',
      batching('predictBatch(texts: string[], request: Request): string[] { return [] }'),
      {
        code: 'invalid_batch',
        at: 'predictor.ts:3:33',
        says: ['takes request beside the payloads', 'prepare(payload, request)'],
      },
    ],
    [
      'it gives back no array',
      batching('async predictBatch(texts: string[]) { return texts.length }'),
      {
        code: 'invalid_batch',
        at: 'predictor.ts:3:9',
        says: ['returns number, which is not an array', 'R[] or Promise<R[]>'],
      },
    ],
    [
      'it streams',
      batching('async *predictBatch(texts: string[]) { yield 1 }'),
      { code: 'invalid_batch', at: 'predictor.ts:3:10', says: ['AsyncGenerator', 'which is not an array'] },
    ],
    [
      'its items are not what prepare returns',
      batching(
        'async prepare(text: string) { return text }\n  predictBatch(items: number[]): number[] { return items }',
      ),
      {
        code: 'invalid_batch',
        at: 'predictor.ts:3:9',
        says: ['prepare returns string, and predictBatch takes items of number'],
      },
    ],
    [
      'JSON cannot carry its payload',
      batching('predictBatch(items: { at: Map<string, number> }[]): number[] { return [] }'),
      {
        code: 'unsupported_type',
        at: 'predictor.ts:3:25',
        says: ['P.predictBatch, parameter items: items[].at is a Map'],
      },
    ],
    [
      'a type of it does not compile',
      batching('predictBatch(items: Passage[]): number[] { return [] }'),
      { code: 'signature_type_error', at: 'predictor.ts:3:23', says: ["Cannot find name 'Passage'"] },
    ],
    [
      'a type of it does not compile behind prepare',
      batching('prepare(text: string): any { return text }\n  predictBatch(items: Passage[]): number[] { return [] }'),
      { code: 'signature_type_error', at: 'predictor.ts:4:23', says: ["Cannot find name 'Passage'"] },
    ],
    [
      'it has overloads',
      batching(
        'predictBatch(items: string[]): string[]\n  predictBatch(items: number[]): number[]\n  predictBatch(items: any): any { return items }',
      ),
      { code: 'unsupported_type', at: 'predictor.ts:3:3', says: ['P.predictBatch has 2 overloads'] },
    ],
  ])('%s', (_name, source, { code, at, says }) => {
    const refusal = refusalOf(() => readBatch(source))
    expect({ code: refusal.code, at: refusal.at }).toEqual({ code, at })
    for (const part of says) expect(refusal.message).toContain(part)
  })
})
