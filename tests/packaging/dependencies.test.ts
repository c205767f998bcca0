import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  /** Those that a person need not install. */
  readonly peerDependenciesMeta?: Readonly<Record<string, object>>
}

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('CONTRIBUTING.md argues each dependency, and none that is not there', () => {
  const packages = ['incant', 'cli', 'playground'].map(name => `packages/${name}/package.json`)
  const manifests = ['package.json', ...packages].map((path): Manifest => JSON.parse(read(path)))
  const declared = manifests.flatMap(({ dependencies = {}, devDependencies = {}, peerDependenciesMeta = {} }) =>
    Object.keys({ ...dependencies, ...devDependencies, ...peerDependenciesMeta }),
  )
  const [, section = ''] = read('CONTRIBUTING.md').split('## Dependencies')
  const argued = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name)
  expect(new Set(argued)).toEqual(new Set(declared))
})
