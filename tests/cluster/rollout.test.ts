import { expect, test } from 'vitest'
import { addressOf, apply, incant, incantOK, kubectl, Load, makeNamespace } from './_cluster.ts'
import { IMAGES } from './_images.ts'

const SMALL = ['--cpu-request', '100m', '--ram-request', '256Mi'] as const
const HELLO = { text: 'hello' }

test('no call fails under an update, a crashing update, a rollback and a new model', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  const model = ['--model-image', IMAGES.model]
  await incantOK('deploy', 'words', '--image', IMAGES.one, '--min-pods', '2', ...model, ...SMALL, ...at)
  const load = new Load(`http://${await addressOf(namespace, 'words')}/predict`, HELLO)

  await incantOK('server', 'update', 'words', '--image', IMAGES.two, ...at)
  const crashed = await incant('server', 'update', 'words', '--image', IMAGES.torn, ...at)
  expect(crashed.code).toBe(1)
  expect(crashed.stderr).toContain('error[rollout_failed]')
  expect(crashed.stderr).toContain('setup() threw: the weights are torn')
  expect(await ask(namespace)).toMatchObject({ version: '2' })

  await incantOK('server', 'rollback', 'words', ...at)
  expect(await ask(namespace)).toMatchObject({ version: '1' })
  await incantOK('server', 'update', 'words', '--image', IMAGES.reading, '--model-image', IMAGES.nextModel, ...at)
  expect(await ask(namespace)).toMatchObject({ version: '1', model: 'second' })

  const { results, versions } = await load.end(2000)
  expect(Object.keys(results)).toEqual(['200'])
  expect(results['200']).toBeGreaterThanOrEqual(2000)
  expect(Object.keys(versions).sort()).toEqual(['1', '2'])
  console.log(`rolling updates: ${JSON.stringify({ results, versions })}`)
})

test('an empty model is refused, and the old one serves on', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  await incantOK('deploy', 'words', '--image', IMAGES.reading, '--model-image', IMAGES.model, ...SMALL, ...at)
  expect(await ask(namespace)).toMatchObject({ model: 'first' })
  const refused = await incant('server', 'update', 'words', '--model-image', IMAGES.emptyModel, ...at)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('--model-path /model is an empty folder')
  expect(await ask(namespace)).toMatchObject({ model: 'first' })
})

test('a server stops, starts, scales and is removed', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  await incantOK('deploy', 'words', '--image', IMAGES.one, '--min-pods', '2', ...SMALL, ...at)
  expect(JSON.parse(await incantOK('server', 'list', '--json', ...at))).toEqual([
    { name: 'words', namespace, state: 'ready', image: IMAGES.one },
  ])
  expect(await incantOK('server', 'healthcheck', 'words', ...at)).toContain('ok')
  expect(await incantOK('server', 'logs', 'words', ...at)).toContain('"msg":"ready"')

  await incantOK('server', 'stop', 'words', ...at)
  expect((await incant('server', 'status', 'words', ...at)).stdout).toContain('words is stopped')
  expect(await podsIn(namespace)).toBe(0)
  await incantOK('server', 'start', 'words', ...at)
  expect(await podsIn(namespace)).toBe(2)

  await incantOK('server', 'scale', 'words', '--min-pods', '3', ...at)
  expect(await podsIn(namespace)).toBe(3)
  expect((await incant('server', 'rm', 'words', ...at)).stderr).toContain('Stop it first')
  await incantOK('server', 'rm', 'words', '--force', ...at)
  const left = await kubectl('get', 'deployments,services,poddisruptionbudgets,pods', '--output', 'name', ...at)
  expect(left).toBe('')
})

test('a Service named incant in the namespace changes nothing', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  await incantOK('deploy', 'incant', '--image', IMAGES.one, ...SMALL, ...at)
  // As a manifest by hand may have it: with the variables of the Service in the environment.
  await apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'by-hand', namespace }, spec: LINKED })
  await kubectl('wait', 'pod/by-hand', '--for=condition=Ready', '--timeout=100s', ...at)
  const words = ['exec', 'by-hand', ...at, '--', process.execPath, '--print', 'process.env.INCANT_PORT']
  expect(await kubectl(...words)).toMatch(/^tcp:\/\//)
})

const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
}

const LINKED = {
  enableServiceLinks: true,
  containers: [
    {
      name: 'by-hand',
      image: IMAGES.one,
      securityContext: RESTRICTED,
      readinessProbe: { httpGet: { path: '/ready', port: 8000 }, periodSeconds: 1 },
    },
  ],
}

async function ask(namespace: string): Promise<object> {
  const words = ['predict', 'words', '--data', JSON.stringify(HELLO), '--namespace', namespace]
  return JSON.parse(await incantOK('server', ...words))
}

/** Pods that run and are not ending. */
async function podsIn(namespace: string): Promise<number> {
  const { items } = JSON.parse(await kubectl('get', 'pods', '--namespace', namespace, '--output', 'json'))
  return items.filter(
    (pod: { metadata: { deletionTimestamp?: string } }) => pod.metadata.deletionTimestamp === undefined,
  ).length
}
