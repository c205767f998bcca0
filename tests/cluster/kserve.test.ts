import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOf, incantOK, kubectl, Load, makeNamespace, run } from './_cluster.ts'
import { IMAGES } from './_images.ts'
import { installKServe, stopKServe } from './_kserve.ts'

const SMALL = ['--cpu-request', '100m', '--ram-request', '256Mi'] as const
const PROTOCOLS = ['--protocol', 'v2,v1', '--model-alias', 'words'] as const
const HELLO = { text: 'hello' }

beforeAll(installKServe)
afterAll(stopKServe)

test('an InferenceService becomes ready, answers, is updated under load, and is deleted', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  await applyManifest(namespace, IMAGES.one)
  await kubectl('wait', 'inferenceservice/words', '--for=condition=Ready', '--timeout=120s', ...at)
  // The Service is one that KServe has made.
  const url = `http://${await addressOf(namespace, 'words-predictor')}`
  // The node learns of a pod of a Service a moment after KServe has.
  await expect.poll(() => post(`${url}/predict`, HELLO)).toEqual([200, { version: '1', letters: 5, model: '' }])
  expect(await post(`${url}/v1/models/words:predict`, { instances: [HELLO] })).toEqual([
    200,
    { predictions: [{ version: '1', letters: 5, model: '' }] },
  ])
  const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], data: ['hello'] }]
  const [status, answer] = await post(`${url}/v2/models/words/infer`, { inputs })
  expect([status, answer]).toEqual([200, expect.objectContaining({ outputs: expect.arrayContaining([LETTERS]) })])

  const load = new Load(`${url}/predict`, HELLO)
  await applyManifest(namespace, IMAGES.two)
  await expect.poll(() => post(`${url}/predict`, HELLO)).toEqual([200, expect.objectContaining({ version: '2' })])
  await kubectl('rollout', 'status', 'deployment/words-predictor', '--timeout=120s', ...at)
  await expect.poll(() => podNames(namespace).then(names => names.length)).toBe(1)
  const { results, versions } = await load.end()
  expect(Object.keys(results)).toEqual(['200'])
  expect(Object.keys(versions).sort()).toEqual(['1', '2'])
  console.log(`KServe: ${JSON.stringify({ results, versions })}`)

  // Deployments of others are no servers of ours.
  expect(JSON.parse(await incantOK('server', 'list', '--json', ...at))).toEqual([])

  expect(await kubectl('get', 'ingresses', '--output', 'name', ...at)).toBe('ingress.networking.k8s.io/words\n')

  await applyManifest(namespace, IMAGES.torn)
  await expect.poll(() => crashes(namespace)).toBeGreaterThan(0)
  expect(await post(`${url}/predict`, HELLO)).toEqual([200, expect.objectContaining({ version: '2' })])
  await kubectl('delete', 'inferenceservice', 'words', '--timeout=60s', ...at)
  await expect.poll(() => kubectl('get', 'deployments,services,pods', '--output', 'name', ...at)).toBe('')
})

test('a private server scales by CPU, and has no address outside of the cluster', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  const scaling = ['--max-pods', '2', '--target-cpu-utilization', '60']
  await applyManifest(namespace, IMAGES.one, ...scaling, '--visibility', 'private')
  await kubectl('wait', 'inferenceservice/words', '--for=condition=Ready', '--timeout=120s', ...at)
  expect(await kubectl('get', 'ingresses', '--output', 'name', ...at)).toBe('')
  const words = ['get', 'horizontalpodautoscaler', 'words-predictor', '--output', 'json', ...at]
  const { minReplicas, maxReplicas, metrics } = JSON.parse(await kubectl(...words)).spec
  const target = { type: 'Utilization', averageUtilization: 60 }
  expect({ minReplicas, maxReplicas, metrics }).toEqual({
    minReplicas: 1,
    maxReplicas: 2,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
  })
})

test('a model comes from its image', async () => {
  // KServe adds a container of its own to the pod, which the level restricted does not take.
  const namespace = await makeNamespace('baseline')
  await applyManifest(namespace, IMAGES.reading, '--model-image', IMAGES.modelWithShell)
  await kubectl('wait', 'inferenceservice/words', '--for=condition=Ready', '--timeout=120s', '--namespace', namespace)
  const url = `http://${await addressOf(namespace, 'words-predictor')}`
  await expect.poll(() => post(`${url}/predict`, HELLO)).toEqual([200, { version: '1', letters: 5, model: 'third' }])
  // The server has waited for the files, and was not started again.
  expect(await crashes(namespace)).toBe(0)
})

const LETTERS = { name: 'letters', datatype: 'FP64', shape: [1], data: [5] }

async function applyManifest(namespace: string, image: string, ...flags: readonly string[]): Promise<void> {
  const words = ['words', '--for', 'kserve', '--image', image, '--namespace', namespace]
  const yaml = await incantOK('manifest', ...words, ...SMALL, ...PROTOCOLS, ...flags)
  const { code, stderr } = await run('kubectl', ['apply', '--server-side', '--filename', '-'], yaml)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}

/** A call from the node: the status, and what was answered. Without an answer, 0 and the reason. */
async function post(url: string, payload: object): Promise<readonly [number, unknown]> {
  const init = { method: 'POST', body: JSON.stringify(payload), headers: { 'content-type': 'application/json' } }
  const script = `const answer = await fetch(${JSON.stringify(url)}, ${JSON.stringify(init)})
console.log(JSON.stringify([answer.status, await answer.json()]))`
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', script])
  return stdout === '' ? [0, stderr] : JSON.parse(stdout)
}

/** How often containers of the namespace have been started again. */
async function crashes(namespace: string): Promise<number> {
  const path = 'jsonpath={.items[*].status.containerStatuses[*].restartCount}'
  const counts = await kubectl('get', 'pods', '--namespace', namespace, '--output', path)
  return counts.split(' ').reduce((sum, count) => sum + Number(count), 0)
}

async function podNames(namespace: string): Promise<readonly string[]> {
  const names = await kubectl('get', 'pods', '--namespace', namespace, '--output', 'jsonpath={.items[*].metadata.name}')
  return names.split(' ')
}
