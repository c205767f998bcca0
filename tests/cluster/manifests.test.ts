import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { MANIFESTS, OPTION_CASES } from '../../packages/cli/test/manifest/cases.ts'
import { manifest } from '../../packages/cli/test/manifest/read.ts'
import { apply, kubectl, run } from './_cluster.ts'
import { installKServe, stopKServe } from './_kserve.ts'

const DATA = process.env['TEST_DATA'] ?? ''
const KSERVE = DATA === '' ? '' : join(DATA, 'kserve')
/** Which manifests name the namespace `models`. The rest goes to the default one. */
const NAMESPACE = 'models'

/**
 * Definitions of the objects of others, from their Go modules. KServe is there with its webhooks, which refuse more than definitions
 * do; where definitions of a newer KServe are beside the checkout, manifests are held to those.
 */
beforeAll(async () => {
  await installKServe()
  const { folder } = inject('node')
  const definitions = join(folder, 'bin/definitions')
  const files = readdirSync(definitions).map(name => join(definitions, name))
  if (existsSync(KSERVE)) files.push(...readdirSync(KSERVE).map(name => join(KSERVE, name)))
  else console.log('manifests: no definitions of a newer KServe are here')
  await kubectl('apply', '--server-side', ...files.flatMap(file => ['--filename', file]))
  // One that was made just now has no conditions yet, which is an error to wait for.
  const wait = ['wait', 'customresourcedefinitions', '--all', '--for=condition=Established', '--timeout=60s']
  while ((await run('kubectl', wait)).code !== 0) await sleep(500)
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } })
})

afterAll(stopKServe)

/** Whether the API takes a manifest, fields that it does not know refused. Nothing is made. */
async function tryToApply(yaml: string) {
  const words = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--field-manager=incant']
  return run('kubectl', [...words, '--filename', '-'], yaml)
}

const OPTIONS = Object.entries(OPTION_CASES).map(
  ([name, { flags }]) => [`option ${name}`, ['--image', 'words:1', ...flags]] as const,
)

test.each([...Object.entries(MANIFESTS), ...OPTIONS].filter(([, flags]) => isTried(flags)))('%s', async (_, flags) => {
  const yaml = manifest(...flags)
  const { code, stdout, stderr } = await tryToApply(yaml)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trim().split('\n')).toHaveLength(yaml.split(/^kind: /m).length - 1)
})

test('a member that no definition has is refused', async () => {
  const { code, stderr } = await tryToApply(manifest('--image', 'words:1').replace('readinessProbe:', 'readinessProb:'))
  expect(code).toBe(1)
  expect(stderr).toContain('readinessProb: field not declared in schema')
})

function isTried(flags: readonly string[]): boolean {
  return !flags.includes('compose')
}
