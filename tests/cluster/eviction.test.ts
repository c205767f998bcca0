import { expect, test } from 'vitest'
import { addressOf, incantOK, kubectl, Load, makeNamespace, run } from './_cluster.ts'
import { IMAGES } from './_images.ts'

const HELLO = { text: 'hello' }

test('a drained node takes one pod at a time, and no call fails', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  const size = ['--cpu-request', '100m', '--ram-request', '256Mi']
  await incantOK('deploy', 'words', '--image', IMAGES.one, '--min-pods', '2', ...size, ...at)
  const load = new Load(`http://${await addressOf(namespace, 'words')}/predict`, HELLO)
  const [one = '', other = ''] = await podNames(namespace)
  expect((await evict(namespace, one)).code).toBe(0)
  expect((await evict(namespace, other)).stderr).toContain('disruption budget')
  await expect.poll(() => podNames(namespace)).not.toContain(one)
  await kubectl('rollout', 'status', 'deployment/words', '--timeout=120s', ...at)
  expect((await evict(namespace, other)).code).toBe(0)
  await expect.poll(() => podNames(namespace)).not.toContain(other)
  await kubectl('rollout', 'status', 'deployment/words', '--timeout=120s', ...at)
  const { results } = await load.end()
  expect(Object.keys(results)).toEqual(['200'])
  console.log(`evictions: ${JSON.stringify(results)}`)
})

async function podNames(namespace: string): Promise<readonly string[]> {
  const names = await kubectl('get', 'pods', '--namespace', namespace, '--output', 'jsonpath={.items[*].metadata.name}')
  return names.split(' ')
}

/** Asks for an eviction, as `kubectl drain` does for every pod of a node. */
function evict(namespace: string, name: string) {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }
  return run('kubectl', ['create', '--raw', path, '--filename', '-'], JSON.stringify(eviction))
}
