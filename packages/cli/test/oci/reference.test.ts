import { expect, test } from 'vitest'
import { formatReference, parseReference } from '../../src/oci/reference.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`

test.each([
  ['registry.example.com/models/words:v1', 'https://registry.example.com', 'models/words', 'v1'],
  ['oci://ghcr.io/team/words', 'https://ghcr.io', 'team/words', undefined],
  ['localhost:5000/words:v1', 'http://localhost:5000', 'words', 'v1'],
  ['127.0.0.1:5000/a/b/c:latest', 'http://127.0.0.1:5000', 'a/b/c', 'latest'],
  ['https://localhost:5000/words', 'https://localhost:5000', 'words', undefined],
  ['http://registry.internal:5000/words:v1', 'http://registry.internal:5000', 'words', 'v1'],
  ['words:v1', 'https://registry-1.docker.io', 'library/words', 'v1'],
  ['team/words', 'https://registry-1.docker.io', 'team/words', undefined],
])('%s', (given, origin, repository, tag) => {
  expect(parseReference(given)).toMatchObject({ origin, repository, tag, digest: undefined })
})

test('a digest', () => {
  const given = `ghcr.io/words:v1@${DIGEST}`
  expect(parseReference(given)).toMatchObject({ repository: 'words', tag: 'v1', digest: DIGEST })
  expect(formatReference(parseReference(given))).toBe(given)
})

test.each([
  '',
  'ghcr.io/',
  'ghcr.io/Words',
  'ghcr.io/a/../b',
  'ghcr.io/words:',
  'ghcr.io/words@sha256:1',
  'a b/c',
  'ftp://x/y',
])('refuses %j', given => {
  expect(() => parseReference(given)).toThrow(expect.objectContaining({ code: 'invalid_reference' }))
})
