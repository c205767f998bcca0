import { expect, test } from 'vitest'
import { refuse } from '../../src/kubectl/kubectl.ts'
import { startupError } from '../startup-error.ts'

test('what kubectl says is repeated, and what its libraries log of each attempt is not', () => {
  const logged =
    'E1127 07:15:50.673923    9589 memcache.go:265] "Unhandled Error" err="couldn\'t get current server API group list"'
  const said = 'The connection to the server localhost:8080 was refused - did you specify the right host or port?'
  const { code, message } = startupError(() => refuse([logged, logged, said].join('\n')))
  expect(code).toBe('cluster_failed')
  expect(message).toContain(`kubectl: ${said}\n`)
  expect(message).not.toContain('memcache')
  expect(startupError(() => refuse('')).message).toContain('it ended without a word')
})
