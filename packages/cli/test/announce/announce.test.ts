import type { ParameterSignature, PredictSignature } from 'incant'
import { describe, expect, it } from 'vitest'
import { describeCurl } from '../../src/announce/curl.ts'
import { describeSignature } from '../../src/announce/describe-signature.ts'

function signature(parameters: readonly ParameterSignature[], more: Partial<PredictSignature> = {}): PredictSignature {
  return { version: 1, className: 'Predictor', parameters, returns: [], definitions: {}, ...more }
}

const curl = (given: PredictSignature) => describeCurl(given, { url: 'http://h:1', file: "it's/p.ts" })

describe('describeSignature', () => {
  it('is one line, however the types are written', () => {
    const long = `{\n${Array.from({ length: 30 }, (_, index) => `  member${index}: string`).join('\n')}\n}`
    const line = describeSignature(
      signature(
        [
          { name: 'payload', role: 'payload', optional: true, type: long },
          { name: 'context', role: 'context' },
        ],
        {
          returns: [
            { kind: 'stream', schema: { anyOf: [{ type: 'string' }, { type: 'array', items: { enum: ['a', 1] } }] } },
            { kind: 'response' },
            { kind: 'bytes' },
          ],
        },
      ),
    )
    expect(line).toMatch(
      /^Predictor\.predict\(payload\?: \{ member0: string member1.*…, context: PredictContext\) → stream of string \| \("a" \| 1\)\[\] \| Response \| bytes$/,
    )
  })

  it('says where nothing is known', () => {
    expect(describeSignature(signature([]))).toBe('Predictor.predict() → unknown')
  })
})

describe('describeCurl', () => {
  it.each<[ParameterSignature, string]>([
    [{ name: 'p', role: 'payload' }, `curl http://h:1/predict -H 'Content-Type: application/json' -d '{}'`],
    [
      { name: 'p', role: 'payload', schema: { type: 'string', examples: ["it's"] } },
      `curl http://h:1/predict -H 'Content-Type: application/json' -d '"it'\\''s"'`,
    ],
    [
      { name: 'p', role: 'payload', schema: { type: 'string', pattern: '^[0-9]{7}$' } },
      `curl http://h:1/predict -H 'Content-Type: application/json' -d @payload.json`,
    ],
    [{ name: 't', role: 'text' }, `curl http://h:1/predict -H 'Content-Type: text/plain' --data-raw text`],
    [
      { name: 'b', role: 'bytes' },
      `curl http://h:1/predict -H 'Content-Type: application/octet-stream' --data-binary '@it'\\''s/p.ts'`,
    ],
    [{ name: 'f', role: 'form' }, `curl http://h:1/predict -F name=value -F 'file=@it'\\''s/p.ts'`],
    [
      {
        name: 'f',
        role: 'form',
        schema: {
          type: 'object',
          properties: {
            image: { type: 'string', format: 'binary', 'x-incant-type': 'File' },
            all: { type: 'array', items: { type: 'string', format: 'binary', 'x-incant-type': 'File' } },
            top: { type: 'number', default: 3 },
            at: { type: 'string', examples: ['@noon; or later'] },
          },
          required: ['image', 'all'],
        },
      },
      `curl http://h:1/predict -F 'image=@it'\\''s/p.ts' -F 'all=@it'\\''s/p.ts' -F top=3 --form-string 'at=@noon; or later'`,
    ],
    [{ name: 'c', role: 'context' }, 'curl http://h:1/predict -X POST'],
  ])('fits %j', (parameter, line) => {
    expect(curl(signature([parameter]))).toBe(line)
  })

  it('sends the first example of predict that its type accepts, and the media type that it takes', () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] } as const
    const examples = [{ value: { a: 'x' } }, { value: { a: 7 } }, { value: { a: 8 } }]
    expect(curl(signature([{ name: 'p', role: 'payload', schema }], { examples }))).toBe(
      `curl http://h:1/predict -H 'Content-Type: application/json' -d '{"a":7}'`,
    )
    const image = { name: 'i', role: 'bytes', schema: { contentMediaType: 'image/*, application/pdf' } } as const
    expect(curl(signature([image]))).toContain(`-H 'Content-Type: image/png' --data-binary`)
  })

  it('does not wait for the end of a stream', () => {
    expect(curl(signature([{ name: 'c', role: 'context' }], { returns: [{ kind: 'stream' }] }))).toBe(
      'curl -N http://h:1/predict -X POST',
    )
  })
})
