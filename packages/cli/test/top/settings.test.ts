import { describe, expect, it } from 'vitest'
import { parseCommand } from '../../src/arguments/parse.ts'
import { TOP_COMMAND } from '../../src/arguments/top-command.ts'
import { readTopSettings } from '../../src/top/settings.ts'
import { startupError } from '../startup-error.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const ENVIRONMENT = { METRICS_TOKEN: ' secret, older\n', EMPTY: '' }

function read(...words: readonly string[]) {
  const parsed = parseCommand(TOP_COMMAND, words)
  if (parsed.kind === 'help') throw new Error('The words ask for help')
  return readTopSettings(parsed.positionals, parsed.flags, ENVIRONMENT)
}

describe('the settings of incant top', () => {
  it.each([
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/metrics'],
    ['127.0.0.1:8000', 'http://127.0.0.1:8000/metrics'],
    ['localhost:8000/', 'http://localhost:8000/metrics'],
    ['https://models.example/words/', 'https://models.example/words/metrics'],
    ['https://models.example/words/metrics?all=1#x', 'https://models.example/words/metrics?all=1'],
    ['[::1]:8000', 'http://[::1]:8000/metrics'],
  ])('take %s as the address', (given, expected) => {
    expect(read(given).url.href).toBe(expected)
  })

  it('have defaults', () => {
    expect(read('a')).toMatchObject({ interval: 1000, once: false, headers: {}, hasToken: false, ca: undefined })
  })

  it('take what is given', () => {
    const folder = temporaryFolder({ token: '# rotated\n\nfrom-file\nolder\n', 'ca.pem': 'PEM' })
    expect(
      read('a', '--interval', '250ms', '--once', '--header', 'X-Team=a=b', '--ca', `${folder}/ca.pem`),
    ).toMatchObject({
      interval: 250,
      once: true,
      headers: { 'x-team': 'a=b' },
      hasToken: false,
      ca: 'PEM',
    })
    expect(read('a', '--token-env', 'METRICS_TOKEN')).toMatchObject({
      headers: { authorization: 'Bearer secret' },
      hasToken: true,
    })
    expect(read('a', '--token-file', `${folder}/token`).headers).toEqual({ authorization: 'Bearer from-file' })
  })

  it.each([
    [[], 'missing_argument', 'no server was given'],
    [['a', 'b'], 'invalid_option', 'incant top watches one server'],
    [['http://'], 'invalid_option', 'the URL is none'],
    [['ftp://a'], 'invalid_option', 'the URL is neither http: nor https:'],
    [
      ['http://user:canary@a'],
      'invalid_option',
      'the URL contains credentials, and other users can see a command line',
    ],
    [['a', '--interval', '10ms'], 'invalid_option', '--interval is "10ms"'],
    [['a', '--interval', 'soon'], 'invalid_option', '--interval is "soon"'],
    [['a', '--header', 'canary'], 'invalid_option', '--header makes no header'],
    [['a', '--header', 'x=a\nb'], 'invalid_option', '--header makes no header'],
    [['a', '--header', 'Authorization=canary'], 'invalid_option', '--header Authorization contains a secret'],
    [['a', '--header', 'X-API-Key=canary'], 'invalid_option', '--header X-API-Key contains a secret'],
    [['a', '--token-env', 'NONE'], 'invalid_option', '--token-env NONE is empty'],
    [['a', '--token-env', 'EMPTY'], 'invalid_option', '--token-env EMPTY is empty'],
    [
      ['a', '--token-env', 'EMPTY', '--token-file', 'x'],
      'invalid_option',
      'both --token-env and --token-file are given',
    ],
    [['a', '--token-file', '/nowhere'], 'file_not_found', '--token-file: cannot read /nowhere'],
    [['a', '--ca', '/nowhere'], 'file_not_found', '--ca: cannot read /nowhere'],
    [['a', '--token', 'canary'], 'unknown_option', 'incant top has no option --token'],
  ])('refuse %j', (words, code, message) => {
    const error = startupError(() => read(...words))
    expect(error).toEqual({ code, message: expect.stringContaining(message) })
    expect(error.message).not.toContain('canary')
  })

  it('refuse a token that is no header, without showing it', () => {
    const folder = temporaryFolder({ token: 'can\u0000ary' })
    const error = startupError(() => read('a', '--token-file', `${folder}/token`))
    expect(error).toEqual({ code: 'invalid_option', message: expect.stringContaining('--token-file makes no header') })
    expect(error.message).not.toContain('ary')
  })
})
