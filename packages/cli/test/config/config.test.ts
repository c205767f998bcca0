import { join } from 'node:path'
import type { JSONSchema, PredictSignature } from 'incant'
import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../src/config/check-config.ts'
import { readConfigFile } from '../../src/config/config-file.ts'
import { startupError } from '../startup-error.ts'
import { temporaryFolder } from '../temporary-folder.ts'

function configFile(text: string, name = 'c.yaml') {
  return readConfigFile(join(temporaryFolder({ [name]: text }), name))
}

function signature(schema: JSONSchema, optional = false): PredictSignature {
  return {
    version: 1,
    className: 'Predictor',
    parameters: [],
    returns: [],
    definitions: {},
    config: { schema, optional },
  }
}

/** The message without the folder the file is in. */
function refusal(call: () => unknown): { code: string; message: string } {
  const { code, message } = startupError(call)
  return { code, message: message.replace(/^.*\/(?=c\.)/, '') }
}

describe('readConfigFile', () => {
  it('reads YAML 1.2: no, on and 12:30 are texts', () => {
    expect(configFile('a: no\nb: 12:30\nc: [1, 0x10, ~]\nd: "5"\n').value).toEqual({
      a: 'no',
      b: '12:30',
      c: [1, 16, null],
      d: '5',
    })
  })

  it('reads JSON, tabs included', () => {
    expect(configFile('{\n\t"a": [1, 2.5, true],\n\t"b": {"c": null}\n}', 'c.json').value).toEqual({
      a: [1, 2.5, true],
      b: { c: null },
    })
  })

  it('knows where values stand', () => {
    const { locate } = configFile('a:\n  b:\n    - 1\n    - two: 2\n')
    expect(locate(['a', 'b', '1', 'two'])).toMatchObject({ line: 4, column: 7 })
    expect(locate(['a', 'b', '0'])).toMatchObject({ line: 3, column: 7 })
    expect(locate(['a', 'b', '0', 'absent'])).toMatchObject({ line: 3, column: 7 })
    expect(locate([])).toMatchObject({ line: 1, column: 1 })
  })

  it.each([
    ['a: [1, 2', /^c\.yaml:1:\d+: the file does not parse: /],
    ['a: 1\na: 2\n', /^c\.yaml:2:1: the file does not parse: .*unique/],
    ['a: 1\n---\nb: 2\n', /^c\.yaml:2:1: the file does not parse: .*multiple documents/],
    ['a: !secret b\n', /^c\.yaml:1:4: the file does not parse: .*!secret/],
    [
      'a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n',
      /^c\.yaml: the file does not resolve: .*alias/,
    ],
  ])('refuses %j', (text, message) => {
    expect(refusal(() => configFile(text))).toEqual({ code: 'invalid_config', message: expect.stringMatching(message) })
  })

  it('refuses a file that is not there', () => {
    expect(startupError(() => readConfigFile(join(process.cwd(), 'absent.yaml')))).toEqual({
      code: 'file_not_found',
      message: '--config: cannot read absent.yaml\n  Name a YAML or JSON file.',
    })
  })
})

describe('checkConfig', () => {
  const schema: JSONSchema = {
    type: 'object',
    properties: { size: { type: 'number' }, names: { type: 'array', items: { type: 'string' } } },
    required: ['size'],
  }

  it('accepts what the type accepts, and anything where there is none', () => {
    expect(checkConfig(signature(schema), configFile('size: 1\nnames: [a]\n'))).toEqual([])
    expect(checkConfig(undefined, configFile('- anything\n'))).toEqual([])
  })

  it('does without a file where the constructor can', () => {
    expect(checkConfig(signature(schema, true), undefined)).toEqual([])
    expect(checkConfig(signature({ type: 'object', properties: {} }), undefined)).toEqual([])
    expect(refusal(() => checkConfig(signature(schema), undefined))).toEqual({
      code: 'invalid_config',
      message: expect.stringMatching(
        /^the constructor of Predictor needs values, but --config is not given: size .*\n {2}Put them in a YAML file: --config FILE\.$/,
      ),
    })
  })

  it('names the first place, and the others', () => {
    expect(refusal(() => checkConfig(signature(schema), configFile('names:\n  - a\n  - 5\nsize: big\n')))).toEqual({
      code: 'invalid_config',
      message: expect.stringMatching(
        /^c\.yaml:(4:1: size must be a number; and 1 more: names\.1 must be a string|3:5: names\.1 must be a string; and 1 more: size must be a number)\n {2}Change the value, or the type of the parameter of Predictor's constructor\.$/,
      ),
    })
  })

  it('warns of members the type does not know', () => {
    const [warning, ...more] = checkConfig(signature(schema), configFile('size: 1\nnmaes: []\n'))
    expect(warning).toMatch(
      /c\.yaml:2:1: the constructor's type has no member "nmaes", which is left out\. Did you mean "names"\?$/,
    )
    expect(more).toEqual([])
    expect(checkConfig(signature({ ...schema, additionalProperties: {} }), configFile('size: 1\nother: 2\n'))).toEqual(
      [],
    )
  })
})
