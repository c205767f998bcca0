import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { readBaseName } from '../../src/image/base-name.ts'
import { chooseBuilder, runBuilder } from '../../src/image/builder.ts'
import { readImage } from '../../src/image/plan.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { temporaryFolder } from '../temporary-folder.ts'

afterEach(() => vi.unstubAllEnvs())

/** Programs that write down how they are called; those that fail do nothing else. */
function programs(states: Readonly<Record<string, 'works' | 'fails'>>): () => readonly string[] {
  const folder = temporaryFolder()
  const log = join(folder, 'calls')
  for (const [name, state] of Object.entries(states)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $@" >> ${log}\n${state === 'works' ? '' : 'exit 1'}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  vi.stubEnv('PATH', folder)
  return () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [])
}

const NEEDS = { base: readBaseName('node:22-slim'), platforms: 1 }

test('the first program that works makes the image, else this command itself', () => {
  programs({ docker: 'works', buildah: 'works' })
  expect(chooseBuilder(undefined, NEEDS)).toBe('docker')
  programs({ docker: 'fails', buildah: 'works' })
  expect(chooseBuilder(undefined, NEEDS)).toBe('buildah')
  programs({})
  expect(chooseBuilder(undefined, NEEDS)).toBe('layout')
})

test('what a program cannot make, this command makes', () => {
  programs({ docker: 'works' })
  expect(chooseBuilder(undefined, { ...NEEDS, platforms: 2 })).toBe('layout')
  expect(chooseBuilder(undefined, { ...NEEDS, base: readBaseName('host') })).toBe('layout')
  expect(() => chooseBuilder('docker', { ...NEEDS, base: readBaseName('layout:x') })).toThrow(
    /docker does not make this/,
  )
})

test('a builder that is asked for must be there', () => {
  programs({ podman: 'fails' })
  expect(() => chooseBuilder('podman', NEEDS)).toThrow(/podman info fails here/)
  expect(() => chooseBuilder('kaniko', NEEDS)).toThrow(/--builder kaniko is none/)
  expect(chooseBuilder('layout', NEEDS)).toBe('layout')
})

test('programs are called with the platform, the name, and a time that does not change', () => {
  const calls = programs({ docker: 'works', podman: 'works' })
  const options = { bundle: '/b', platform: { os: 'linux', arch: 'arm64' }, push: true }
  runBuilder('docker', { ...options, reference: parseReference('ghcr.io/team/words:1') })
  runBuilder('podman', { ...options, reference: parseReference('localhost:5000/words:1') })
  expect(calls()).toEqual([
    'docker buildx build --provenance=false --platform=linux/arm64 --tag=ghcr.io/team/words:1 --push /b',
    'podman build --tls-verify=false --platform=linux/arm64 --timestamp=0 --tag=localhost:5000/words:1 /b',
    'podman push --tls-verify=false localhost:5000/words:1',
  ])
})

test('a program that fails is an error', () => {
  programs({ buildah: 'fails' })
  const options = { bundle: '/b', platform: { os: 'linux', arch: 'x64' }, push: false }
  expect(() => runBuilder('buildah', { ...options, reference: parseReference('words:1') })).toThrow(
    /buildah build .* failed/,
  )
})

test.each([
  [{ push: 'true' }, /--push is for an image/],
  [{ builder: 'layout' }, /--builder is for an image/],
  [{ platform: 'linux/amd64,linux/arm64' }, /a bundle is for one platform/],
  [{ base: 'host' }, /--base names no image of a registry/],
  [{ image: 'Words:1' }, /is not the name of an image/],
  [{ image: `words@sha256:${'0'.repeat(64)}` }, /names a digest/],
])('%j is refused', (flags, message) => {
  const values = new Map(Object.entries(flags).map(([name, value]) => [name, [value]]))
  expect(() => readImage(values)).toThrow(message)
})
