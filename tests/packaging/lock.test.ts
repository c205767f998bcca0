import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

const locks = [
  '.',
  'examples/ocr',
  'examples/char-lm',
  'examples/speech-detection',
  'bench',
  'bench/mcp',
  'bench/peers',
  'tests/tools',
  'tests/tools/mcp',
  'tests/tools/runtimes',
  'tests/published-types',
  'tests/openai/node-20',
  'tests/openai/node-24',
].map(folder => `${folder}/package-lock.json`)

/** What is read of a lock file. */
interface Lock {
  packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>
}

test.each(locks)('%s can be installed on every system', path => {
  const { packages }: Lock = JSON.parse(readFileSync(`${root}/${path}`, 'utf8'))
  const places = Object.keys(packages)
  const named = Object.values(packages).flatMap(entry => Object.keys(entry.optionalDependencies ?? {}))
  const missing = named.filter(name => !places.some(place => place.endsWith(`node_modules/${name}`)))
  expect(missing, 'run: node scripts/complete-lock.js').toEqual([])
})

test.each(locks)('%s names no registry', path => {
  const { packages }: Lock = JSON.parse(readFileSync(`${root}/${path}`, 'utf8'))
  expect(Object.values(packages).filter(({ resolved }) => /^https?:/.test(resolved ?? ''))).toEqual([])
})
