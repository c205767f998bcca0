import { describe, expect, test } from 'vitest'
import { APP_OPTIONS } from '../../src/options/app-options.ts'
import type { OptionDefinition } from '../../src/options/definition.ts'
import { describeExpectation, readOption, readOptions } from '../../src/options/read.ts'
import { formatDuration, formatSize, parseDuration, parseSize } from '../../src/units/quantities.ts'

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['2s', 2000],
    ['1m', 60_000],
    ['1h', 3_600_000],
    ['1.1s', 1100],
    ['0.5s', 500],
    ['2.3s', 2300],
    [' 2s ', 2000],
    ['0', 0],
    ['0ms', 0],
  ])('%j is %i ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  test.each(['', '5', 's', '-1s', '1d', '1 s', '1S', '1e3s', '5constructor', '.5s', 'NaNs'])('%j is none', text => {
    expect(parseDuration(text)).toBeUndefined()
  })

  test.each([
    [0, '0ms'],
    [1, '1ms'],
    [1500, '1500ms'],
    [2000, '2s'],
    [90_000, '90s'],
    [3_600_000, '1h'],
  ])('%i ms is written %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })
})

describe('sizes', () => {
  test.each([
    ['0', 0],
    ['12', 12],
    ['512B', 512],
    ['64KiB', 65_536],
    ['10MiB', 10_485_760],
    ['1.5GiB', 1_610_612_736],
  ])('%j is %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  test.each(['', '10MB', '10mib', '-1', '1e3', 'MiB', '5toString'])('%j is none', text => {
    expect(parseSize(text)).toBeUndefined()
  })

  test.each([
    [1000, '1000B'],
    [10_485_760, '10MiB'],
  ])('%i bytes are written %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text)
  })
})

describe('one setting', () => {
  const duration: OptionDefinition = { kind: 'duration', default: 1, minimum: 1000, doc: '' }
  const size: OptionDefinition = { kind: 'size', default: 1, doc: '' }
  const integer: OptionDefinition = { kind: 'integer', default: 1, minimum: 1, maximum: 9, doc: '' }
  const boolean: OptionDefinition = { kind: 'boolean', default: true, doc: '' }
  const text: OptionDefinition = { kind: 'text', default: 'a', doc: '' }
  const choice: OptionDefinition = { kind: 'choice', default: 'a', choices: ['a', 'b'], doc: '' }

  test.each<[OptionDefinition, unknown, unknown]>([
    [duration, '2s', 2000],
    [duration, 1000, 1000],
    [size, '1KiB', 1024],
    [size, 0, 0],
    [integer, '9', 9],
    [integer, 1, 1],
    [boolean, true, true],
    [boolean, 'false', false],
    [boolean, '1', true],
    [text, ' ', ' '],
    [choice, 'b', 'b'],
  ])('%o takes %j', (definition, given, value) => {
    expect(readOption(definition, given)).toBe(value)
  })

  test.each<[OptionDefinition, unknown]>([
    [duration, '999ms'],
    [duration, 999],
    [duration, Number.NaN],
    [duration, Number.POSITIVE_INFINITY],
    [duration, 2 ** 31],
    [duration, 1000.5],
    [duration, null],
    [size, '0.3B'],
    [size, -1],
    [integer, '0'],
    [integer, 10],
    [integer, '1.0'],
    [integer, ' 1'],
    [integer, '0x1'],
    [integer, true],
    [boolean, 'yes'],
    [boolean, 'TRUE'],
    [boolean, ''],
    [boolean, 1],
    [boolean, null],
    [boolean, 'constructor'],
    [boolean, '__proto__'],
    [text, ''],
    [text, 1],
    [choice, 'c'],
    [choice, 'toString'],
  ])('%o does not take %j', (definition, given) => {
    expect(readOption(definition, given)).toBeUndefined()
  })

  test.each<[OptionDefinition, string]>([
    [duration, 'a duration such as 500ms, 2s or 1m, at least 1s'],
    [size, 'a size such as 512KiB or 10MiB'],
    [integer, 'a whole number from 1 to 9'],
    [boolean, 'true or false'],
    [text, 'a non-empty string'],
    [choice, 'one of a, b'],
  ])('%o expects %s', (definition, words) => {
    expect(describeExpectation(definition)).toBe(words)
  })
})

describe('all settings', () => {
  test('are there, with their defaults', () => {
    const settings = readOptions(APP_OPTIONS, { requestTimeout: '2s', queue: undefined })
    expect(settings).toMatchObject({ requestTimeout: 2000, queue: 100, maxBodySize: 10_485_760, maxJsonDepth: 64 })
    expect(Object.keys(settings)).toEqual(Object.keys(APP_OPTIONS))
  })

  test('every default is one that could be given', () => {
    for (const definition of Object.values(APP_OPTIONS)) {
      // An empty list, and an empty text, is how an option says that nothing was given.
      if (definition.kind === 'list' || definition.default === '') continue
      expect(readOption(definition, definition.default)).toBe(definition.default)
    }
  })

  test.each<[unknown, string]>([
    ['soon', '"soon"'],
    [0, '0'],
    [true, 'true'],
    [null, 'a object'],
    [5n, 'a bigint'],
    [() => 1, 'a function'],
  ])('say what they were given: %o', (requestTimeout, shown) => {
    // What a predictor in JavaScript may give.
    const given = { requestTimeout } as object
    expect(() => readOptions(APP_OPTIONS, given)).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        found: `the option "requestTimeout" is ${shown}`,
        instead: 'Use a duration such as 500ms, 2s or 1m, at least 1ms.',
      }),
    )
  })

  test.each(['timeout', 'constructor', 'toString'])('do not know %s', name => {
    expect(() => readOptions(APP_OPTIONS, { [name]: 1 })).toThrow(
      expect.objectContaining({ code: 'unknown_option', found: `there is no option "${name}"` }),
    )
  })
})

test('everything that is wrong with options is said at once', () => {
  const given = { queue: -1, requestTimeout: '5', prot: 80, unknown: true }
  // Options that a program without types may pass.
  expect(() => readOptions(APP_OPTIONS, given as never)).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({ code: 'unknown_option', found: 'there is no option "prot"' }),
        expect.objectContaining({ code: 'unknown_option', found: 'there is no option "unknown"' }),
        expect.objectContaining({ code: 'invalid_option', found: 'the option "requestTimeout" is "5"' }),
        expect.objectContaining({ code: 'invalid_option', found: 'the option "queue" is -1' }),
      ],
    }),
  )
})
