import { expect, test } from 'vitest'
import { addressOf, incantOK, kubectl, Load, makeNamespace, run } from './_cluster.ts'
import { IMAGES } from './_images.ts'

const HELLO = { text: 'hello' }

test('pods are added and removed by their CPU, and no call fails', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  const scaling = ['--min-pods', '1', '--max-pods', '3', '--target-cpu-utilization', '60']
  const size = ['--cpu-request', '300m', '--ram-request', '256Mi']
  await incantOK('deploy', 'words', '--image', IMAGES.one, ...scaling, ...size, ...at)
  const url = `http://${await addressOf(namespace, 'words')}/predict`
  const all = new Load(url, HELLO, 2)
  const busy = new Load(url, { ...HELLO, burn: 60 }, 6)
  await expect.poll(() => readyPods(namespace)).toBeGreaterThanOrEqual(2)
  const results = [(await busy.end()).results]
  await expect.poll(() => readyPods(namespace)).toBe(1)
  await expect.poll(() => podNames(namespace).then(names => names.length)).toBe(1)
  results.push((await all.end()).results)
  for (const counts of results) expect(Object.keys(counts)).toEqual(['200'])
  console.log(`autoscaling: ${JSON.stringify(results)}`)
})

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

async function readyPods(namespace: string): Promise<number> {
  const words = ['get', 'deployment', 'words', '--namespace', namespace]
  return Number(await kubectl(...words, '--output', 'jsonpath={.status.readyReplicas}'))
}

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
