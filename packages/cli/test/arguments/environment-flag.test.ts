import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readEnvironmentFlags } from '../../src/arguments/environment-flag.ts'
import { startupError } from '../startup-error.ts'
import { temporaryFolder } from '../temporary-folder.ts'

describe('readEnvironmentFlags', () => {
  it('sets nothing by itself', () => {
    expect(readEnvironmentFlags(undefined, undefined)).toEqual({ variables: {}, exposed: [] })
  })

  it('reads pairs, with equals signs and nothing in their values', () => {
    expect(readEnvironmentFlags(['URL=http://a/?b=c', 'EMPTY='], undefined).variables).toEqual({
      URL: 'http://a/?b=c',
      EMPTY: '',
    })
  })

  it('reads files, with comments and quotes; the last one wins', () => {
    const folder = temporaryFolder({ '.env': '# of the model\nA=1\nexport B="two words"\nC=\'#3\' # three\n' })
    const { variables } = readEnvironmentFlags(['A=0', join(folder, '.env'), 'B=2'], undefined)
    expect(variables).toEqual({ A: '1', B: '2', C: '#3' })
  })

  it('reads INCANT_ENV, one a line, only where the flag is not given', () => {
    expect(readEnvironmentFlags(undefined, 'A=1\n\nB=2').variables).toEqual({ A: '1', B: '2' })
    expect(readEnvironmentFlags(['C=3'], 'A=1').variables).toEqual({ C: '3' })
  })

  it('finds secrets that stand in the command line', () => {
    const { exposed } = readEnvironmentFlags(
      ['API_TOKENS=t', 'DB_PASSWORD=p', 'OPENAI_API_KEY=k', 'KEYBOARD=qwerty', 'MODE=fast'],
      undefined,
    )
    expect(exposed).toEqual(['API_TOKENS', 'DB_PASSWORD', 'OPENAI_API_KEY'])
    expect(readEnvironmentFlags(undefined, 'API_TOKENS=t').exposed).toEqual([])
  })

  it('refuses what is neither, and never shows a value', () => {
    const absent = startupError(() => readEnvironmentFlags(['absent.env'], undefined))
    expect(absent).toEqual({
      code: 'file_not_found',
      message:
        '--env is neither KEY=VALUE nor a readable file: absent.env\n  Write --env KEY=VALUE, or --env FILE with one KEY=VALUE a line.',
    })
    const hyphen = startupError(() => readEnvironmentFlags(['API-TOKEN=hunter2'], undefined))
    expect(hyphen).toMatchObject({ code: 'file_not_found', message: expect.stringContaining('API-TOKEN=…') })
    expect(hyphen.message).not.toContain('hunter2')
  })

  it('refuses to read itself', () => {
    expect(startupError(() => readEnvironmentFlags(['INCANT_ENV=A=1'], undefined))).toEqual({
      code: 'invalid_option',
      message: '--env sets INCANT_ENV, which cannot load itself\n  Add the other file as a second --env.',
    })
  })
})
