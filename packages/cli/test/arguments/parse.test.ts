import { StartupError } from 'incant'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../src/arguments/parse.ts'
import { startupError } from '../startup-error.ts'

function parseServe(...words: string[]) {
  const parsed = parseArguments(['serve', ...words])
  if (parsed.kind !== 'command') throw new Error(`parsed as ${parsed.kind}`)
  return { ...parsed, flags: Object.fromEntries(parsed.flags) }
}

describe('parseArguments', () => {
  it('tells files from flags, wherever they stand', () => {
    const { positionals, flags } = parseServe('--port', '80', 'm:v1', 'predictor.ts', '--host=::1', '--debug')
    expect(positionals).toEqual(['m:v1', 'predictor.ts'])
    expect(flags).toEqual({ port: ['80'], host: ['::1'], debug: ['true'] })
  })

  it('takes what follows two dashes as it is', () => {
    expect(parseServe('--', '--port.ts').positionals).toEqual(['--port.ts'])
  })

  it('takes -p for --port, with the value beside it or in it', () => {
    expect(parseServe('-p', '80', 'p.ts').flags).toEqual({ port: ['80'] })
    expect(parseServe('-p80', 'p.ts').flags).toEqual({ port: ['80'] })
  })

  it('keeps every value of a flag that is given twice', () => {
    expect(parseServe('--env', 'A=1', '--env=B=2', 'p.ts').flags).toEqual({ env: ['A=1', 'B=2'] })
  })

  it('turns switches off', () => {
    expect(parseServe('--no-openapi', 'p.ts').flags).toEqual({ openapi: ['false'] })
    expect(parseServe('--openapi=false', 'p.ts').flags).toEqual({ openapi: ['false'] })
    expect(parseServe('--debug', 'p.ts')).toMatchObject({ flags: { debug: ['true'] }, positionals: ['p.ts'] })
  })

  it.each([[[]], [['--help']], [['-h']], [['help']]])('shows the help for %j', words => {
    expect(parseArguments(words)).toMatchObject({ kind: 'help', command: undefined })
  })

  it('shows the help of a command, also beside other words', () => {
    for (const words of [
      ['serve', '--help'],
      ['serve', 'p.ts', '-h'],
      ['help', 'serve'],
    ]) {
      expect(parseArguments(words)).toMatchObject({ kind: 'help', command: { name: 'serve' } })
    }
  })

  it.each([['--version'], ['-v']])('shows the version for %s', word => {
    expect(parseArguments([word])).toEqual({ kind: 'version' })
  })

  it.each([
    [
      ['serve', '--prot', '80'],
      'unknown_option',
      'incant serve has no option --prot\n  Did you mean --port? To see the options, write: incant serve --help all',
    ],
    [
      ['serve', '--no-opnapi'],
      'unknown_option',
      'incant serve has no option --no-opnapi\n  Did you mean --no-openapi? To see the options, write: incant serve --help all',
    ],
    [
      ['serve', '--no-port'],
      'unknown_option',
      'incant serve has no option --no-port\n  Did you mean --port? To see the options, write: incant serve --help all',
    ],
    [
      ['serve', '-x', '80'],
      'unknown_option',
      'incant serve has no option -x\n  To see the options, write: incant serve --help all',
    ],
    [
      ['inspect', '--port', '80'],
      'unknown_option',
      'incant inspect has no option --port\n  To see the options, write: incant inspect --help all',
    ],
    [['serve', '--port'], 'invalid_option', '--port needs a value\n  Write --port=VALUE.'],
    [
      ['serve', '--host', '--port', '80'],
      'invalid_option',
      '--host needs a value, and --port follows it\n  Write --host=VALUE.',
    ],
    [['srve', 'p.ts'], 'missing_argument', 'there is no command "srve"\n  Did you mean "serve"?'],
    [['p.ts'], 'missing_argument', 'there is no command "p.ts"\n  Write: incant serve p.ts'],
    [
      ['sing'],
      'missing_argument',
      'there is no command "sing"\n  The commands are serve, inspect, init, model, build, mcp, manifest, deploy, server, install, top, jobs, token, cert, completion, env.',
    ],
    [
      ['--prot'],
      'unknown_option',
      'there is no command "--prot"\n  The commands are serve, inspect, init, model, build, mcp, manifest, deploy, server, install, top, jobs, token, cert, completion, env.',
    ],
  ])('refuses %j', (words, code, message) => {
    expect(startupError(() => parseArguments(words))).toEqual({ code, message })
  })

  it('refuses with an error that says what it is', () => {
    expect(() => parseArguments(['serve', '--prot'])).toThrow(StartupError)
  })
})
