import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from 'incant'
import { describe, expect, it } from 'vitest'
import { formatError, summarizeError } from '../../src/report/print-error.ts'
import { hasColors } from '../../src/terminal/colors.ts'
import { ERRORS_PAGE } from '../errors-page.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What is printed of a place in a file with this text, without the code, the finding and the link. */
function excerpt(name: string, text: string, place: { line?: number; column?: number }, code = 'unsupported_type') {
  const file = join(temporaryFolder(), name)
  writeFileSync(file, text)
  // The codes below are all in the table.
  const error = new StartupError({
    code: code as 'unsupported_type',
    found: 'it is wrong',
    location: { file, ...place },
  })
  return formatError(error).split('\n').slice(2, -1)
}

describe('an error shows its line of source', () => {
  it('with a caret below the word', () => {
    const text = 'const a = 1\nfunction predict(payload: Map<string, number>) {}\n'
    expect(excerpt('p.ts', text, { line: 2, column: 18 })).toEqual([
      '    |',
      '  2 | function predict(payload: Map<string, number>) {}',
      '    |                  ^^^^^^^',
    ])
  })

  it('with a caret below a whole specifier, and below one mark', () => {
    expect(excerpt('p.ts', "import x from './lib.ts'", { line: 1, column: 15 }).at(-1)).toBe(
      `    |               ${'^'.repeat(10)}`,
    )
    expect(excerpt('p.ts', 'const = 1', { line: 1, column: 7 }).at(-1)).toBe('    |       ^')
  })

  it('where tabs, wide letters and joining marks stand before the place', () => {
    expect(excerpt('p.ts', '\tconst 文 = é́ + x', { line: 1, column: 17 })).toEqual([
      '    |',
      '  1 |  const 文 = é́ + x',
      `    | ${' '.repeat(16)}^`,
    ])
  })

  it('from a little before the place where the line is long', () => {
    const [, line, caret] = excerpt('p.js', `${'a'.repeat(5000)} wrong ${'b'.repeat(5000)}`, { line: 1, column: 5002 })
    expect(line).toHaveLength(106)
    expect(line?.slice(caret?.indexOf('^'), (caret?.lastIndexOf('^') ?? 0) + 1)).toBe('wrong')
  })

  it('with the line alone where no column is known', () => {
    expect(excerpt('p.ts', 'const = 1', { line: 1 })).toEqual(['    |', '  1 | const = 1'])
  })

  it.each([
    ['a line that is not there', 'p.ts', 'const = 1', { line: 9, column: 1 }],
    ['no line', 'p.ts', 'const = 1', {}],
    ['a file of another kind', 'p.bin', 'const = 1', { line: 1, column: 1 }],
  ])('not at all for %s', (_name, file, text, place) => {
    expect(excerpt(file, text, place)).toEqual([])
  })

  it('without control characters', () => {
    expect(excerpt('p.ts', 'const \u001b[31mred = 1', { line: 1, column: 7 }).join('')).not.toContain('\u001b')
  })
})

describe('an error shows no secret of its line', () => {
  it('a value of a settings file', () => {
    const text = 'model:\n  password: canary\n'
    expect(excerpt('c.yaml', text, { line: 2, column: 3 }, 'invalid_config')).toEqual([
      '    |',
      '  2 |   password: …',
      '    |   ^^^^^^^^',
    ])
    expect(excerpt('c.json', '["canary"]', { line: 1, column: 2 }, 'invalid_config')).toEqual([])
  })

  it('a literal of an authentication decorator', () => {
    const text = "@bearerAuth({ tokens: ['can\\'ary'] })"
    expect(excerpt('p.ts', text, { line: 1, column: 2 }, 'invalid_auth')[1]).toBe(
      "  1 | @bearerAuth({ tokens: ['········'] })",
    )
    expect(excerpt('p.ts', '@bearerAuth({ tokens: [`canary', { line: 1, column: 2 }, 'invalid_auth')).toEqual([])
  })
})

describe('an error with several problems', () => {
  const error = new StartupError({
    code: 'unsupported_type',
    found: 'p.a is a Map',
    instead: 'Write a record.',
    location: { file: 'absent.ts', line: 3, column: 9 },
    others: [
      { code: 'unsupported_type', found: 'p.b is a Set' },
      { code: 'two_payloads', found: 'q is a second body' },
    ],
  })

  it('shows all of them, each page once', () => {
    expect(formatError(error)).toBe(`error[unsupported_type]: p.a is a Map
  --> absent.ts:3:9
  fix: Write a record.
  docs: ${ERRORS_PAGE}#unsupported_type

error[unsupported_type]: p.b is a Set

error[two_payloads]: q is a second body
  docs: ${ERRORS_PAGE}#two_payloads

incant: 3 problems to fix`)
  })

  it('names all of them in its message and on the line of a log', () => {
    expect(error.message).toBe('absent.ts:3:9: p.a is a Map\n  Write a record.\np.b is a Set\nq is a second body')
    expect(summarizeError(error)).toBe('absent.ts:3:9: p.a is a Map. Write a record.; p.b is a Set; q is a second body')
  })
})

it('reports what is no StartupError as a bug', () => {
  expect(formatError(new TypeError('x is not a function'))).toBe(
    'error: this is a bug in incant: TypeError: x is not a function\n  fix: Run the command again with --debug, and report what it prints.',
  )
})

it('is coloured where that is asked for', () => {
  const error = new StartupError({ code: 'no_predict', found: 'no predict' })
  expect(formatError(error, { colors: true })).toContain('\u001b[1;31merror[no_predict]\u001b[0m')
  expect(formatError(error)).not.toContain('\u001b')
})

it.each<[boolean, Record<string, string>, boolean]>([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, true],
])('a stream that is a terminal: %s, with %j, is coloured: %s', (isTTY, environment, colored) => {
  expect(hasColors({ isTTY }, environment)).toBe(colored)
})
