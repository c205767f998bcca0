import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/arguments/command.ts'
import { meantCommand, meantOption } from '../../src/arguments/habits.ts'
import { OPTIONS } from '../../src/arguments/option.ts'
import { parseArguments } from '../../src/arguments/parse.ts'
import { startupError } from '../startup-error.ts'

describe('a habit from another tool is answered', () => {
  it.each([
    ['run', 'To serve a predictor, write: incant serve FILE'],
    ['start', 'To serve a predictor, write: incant serve FILE'],
    ['dev', 'To serve new code as you edit, write: incant serve FILE --watch'],
  ])('incant %s', (word, instead) => {
    expect(startupError(() => parseArguments([word, 'p.ts']))).toEqual({
      code: 'missing_argument',
      message: `there is no command "${word}"\n  ${instead}`,
    })
  })

  it.each([
    ['--reload', 'Use --watch: it serves new code when a file changes.'],
    ['--timeout', 'Use --request-timeout for a call, or --setup-timeout for setup().'],
    ['-w', 'Use --workers: each one is a process that runs the predictor.'],
    ['--env-file=x', 'Use --env FILE.'],
  ])('incant serve %s', (word, instead) => {
    expect(startupError(() => parseArguments(['serve', 'p.ts', word]))).toEqual({
      code: 'unknown_option',
      message: `incant serve has no option ${word.replace('=x', '')}\n  ${instead}`,
    })
  })

  it('for serve alone: another command has other options', () => {
    expect(meantOption(COMMANDS.inspect, '--reload')).toBeUndefined()
  })
})

describe('what a habit is answered with', () => {
  const answers = ['run', 'dev', 'check', 'schema', 'status', 'doctor', 'new', 'dockerize'].map(meantCommand)
  const options = [
    'reload',
    'timeout',
    'bind',
    'workers-per-device',
    'queue-size',
    'max-batch-size',
    'gpus',
    'ssl',
    'key',
  ]

  it('names options that exist', () => {
    const flags = [...OPTIONS.values()].flatMap(({ flag }) => [flag, `--no-${flag.slice(2)}`])
    const texts = [...answers, ...options.map(word => meantOption(COMMANDS.serve, `--${word}`))]
    const named = texts.flatMap(text => (text ?? 'none').match(/--[a-z-]+/g) ?? [])
    expect(texts).not.toContain(undefined)
    expect(named.filter(name => !flags.includes(name))).toEqual([])
  })
})
