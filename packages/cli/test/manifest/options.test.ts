import { expect, test } from 'vitest'
import { MANIFEST_OPTIONS } from '../../src/arguments/manifest-command.ts'
import { OPTION_CASES } from './cases.ts'
import { at, objects } from './read.ts'

test.each(Object.entries(OPTION_CASES))('%s', (_name, { flags, gives }) => {
  const found = objects(...flags)
  for (const [path, expected] of Object.entries(gives)) expect(at(found, path), path).toEqual(expected)
})

test('every option has a case', () => {
  expect(Object.keys(OPTION_CASES)).toEqual(Object.keys(MANIFEST_OPTIONS))
})
