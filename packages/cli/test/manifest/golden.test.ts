import { expect, test } from 'vitest'
import { MANIFESTS } from './cases.ts'
import { manifest } from './read.ts'

test.each(Object.entries(MANIFESTS))('%s is what the file says', async (name, flags) => {
  await expect(manifest(...flags)).toMatchFileSnapshot(`golden/${name}.yaml`)
})

test('flags in another order give the same manifest', () => {
  const one = manifest('--image', 'words:1', '--min-pods', '2', '--env', 'A=1', '--queue', '5')
  expect(manifest('--queue', '5', '--env', 'A=1', '--image', 'words:1', '--min-pods', '2')).toBe(one)
})
