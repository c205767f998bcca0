import { expect, test } from 'vitest'
import { runIncant } from '../incant-process.ts'
import { fakeKubectl, type KubectlAnswer } from './fake-kubectl.ts'

/** Each starts the command, and kubectl several times. */
const SLOW = { tags: ['slow'] }

const FLAGS = { image: ['words:1'], minPods: ['2'] }
const READY = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 }

function deployment({
  flags = FLAGS,
  stopped = false,
  replicas = 2,
  status = READY,
}: {
  flags?: object
  stopped?: boolean
  replicas?: number
  status?: object
} = {}): object {
  return {
    metadata: {
      name: 'words',
      namespace: 'models',
      generation: 1,
      labels: { 'app.kubernetes.io/managed-by': 'incant' },
      annotations: {
        'incant.dev/flags': JSON.stringify({ flags, ...(stopped ? { stopped } : {}) }),
        'deployment.kubernetes.io/revision': '2',
      },
    },
    spec: { replicas, template: { spec: { containers: [{ image: 'words:1' }] } } },
    status: replicas === 0 ? { observedGeneration: 1 } : status,
  }
}

const revision = (number: string, flags: object) => ({
  metadata: {
    name: `words-${number}`,
    labels: { 'pod-template-hash': number },
    annotations: { 'deployment.kubernetes.io/revision': number, 'incant.dev/flags': JSON.stringify({ flags }) },
  },
})

const NO_PODS: KubectlAnswer = { to: 'get pods', stdout: { items: [] } }
const REVISIONS: KubectlAnswer = {
  to: 'get replicasets',
  stdout: { items: [revision('1', { image: ['words:0'] }), revision('2', FLAGS)] },
}
const APPLIED: readonly KubectlAnswer[] = [{ to: 'apply' }, { to: 'delete' }]

async function run(answers: readonly KubectlAnswer[], ...words: readonly string[]) {
  const kubectl = fakeKubectl(answers)
  const ending = await runIncant(words, { cwd: kubectl.folder, env: kubectl.env })
  const calls = kubectl.calls()
  const applied = calls.filter(({ words }) => words.includes('apply')).map(({ input }) => JSON.parse(input))
  return { ...ending, calls, lines: calls.map(({ words }) => words.join(' ')), applied }
}

test('deploy applies server-side in the name of incant, and keeps the flags', SLOW, async () => {
  const { code, stderr, lines, applied } = await run(
    [
      { to: 'get deployment words', stdout: '', times: 2 },
      { to: 'get deployment words', stdout: deployment() },
      NO_PODS,
      REVISIONS,
      ...APPLIED,
    ],
    ...['deploy', 'words', '--image', 'words:1', '--min-pods', '2', '--namespace', 'models', '--context', 'test'],
  )
  expect(stderr).toBe('incant: words is ready\n')
  expect(code).toBe(0)
  expect(lines).toContain(
    '--context test --namespace models apply --server-side --field-manager incant --validate=strict --filename -',
  )
  const [list] = applied
  expect(list.items.map(({ kind }: { kind: string }) => kind)).toEqual([
    'ServiceAccount',
    'Deployment',
    'Service',
    'PodDisruptionBudget',
  ])
  expect(JSON.parse(list.items[1].metadata.annotations['incant.dev/flags'])).toEqual({
    flags: { image: ['words:1'], minPods: ['2'], namespace: ['models'] },
  })
})

test('update changes what is given, and removes what is no longer there', SLOW, async () => {
  const flags = { ...FLAGS, maxPods: ['4'] }
  const { code, calls, applied } = await run(
    [{ to: 'get deployment words', stdout: deployment({ flags }) }, NO_PODS, REVISIONS, ...APPLIED],
    ...['server', 'update', 'words', '--max-pods', '2', '--image', 'words:2'],
  )
  expect(code).toBe(0)
  const removed = calls.filter(({ words }) => words.includes('delete')).flatMap(({ input }) => JSON.parse(input).items)
  expect(removed).toMatchObject([{ kind: 'HorizontalPodAutoscaler', metadata: { name: 'words' } }])
  const [, live] = applied[0].items
  expect(live.spec).toMatchObject({ replicas: 2, template: { spec: { containers: [{ image: 'words:2' }] } } })
})

test('an autoscaler that is added takes the number of pods as it is', SLOW, async () => {
  const { code, applied } = await run(
    [{ to: 'get deployment words', stdout: deployment() }, NO_PODS, REVISIONS, ...APPLIED],
    ...['server', 'scale', 'words', '--max-pods', '4'],
  )
  expect(code).toBe(0)
  const [kept, list] = applied
  expect(kept).toMatchObject({ kind: 'Deployment', spec: { replicas: 2 } })
  expect(list.items.find(({ kind }: { kind: string }) => kind === 'Deployment').spec).not.toHaveProperty('replicas')
})

test('an update that crashes exits with 1, prints the last words, and applies the old state again', SLOW, async () => {
  const crashed = {
    items: [
      {
        metadata: { name: 'words-2-x', labels: { 'pod-template-hash': '2' } },
        status: { containerStatuses: [{ restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
      },
    ],
  }
  const { code, stderr, applied } = await run(
    [
      { to: 'get deployment words', stdout: deployment({ status: { ...READY, updatedReplicas: 1 } }) },
      { to: 'get pods', stdout: crashed },
      { to: 'logs words-2-x', stdout: 'one\nthe weights are torn\n' },
      { to: 'annotate replicaset words-2 incant.dev/failed=true --overwrite' },
      REVISIONS,
      ...APPLIED,
    ],
    ...['server', 'update', 'words', '--image', 'words:2'],
  )
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /error\[rollout_failed\]: the pod words-2-x .*CrashLoopBackOff(.|\n)*the weights are torn(.|\n)*serves on/,
  )
  expect(applied.map(list => list.items[1].spec.template.spec.containers[0].image)).toEqual(['words:2', 'words:1'])
})

test('rollback applies the flags of the revision before', SLOW, async () => {
  const { code, applied } = await run(
    [{ to: 'get deployment words', stdout: deployment() }, NO_PODS, REVISIONS, ...APPLIED],
    ...['server', 'rollback', 'words'],
  )
  expect(code).toBe(0)
  expect(applied[0].items[1].spec.template.spec.containers[0].image).toBe('words:0')
})

test('rollback passes over a revision that never became ready', SLOW, async () => {
  const failed = revision('1', { image: ['words:broken'] })
  const marked = {
    metadata: { ...failed.metadata, annotations: { ...failed.metadata.annotations, 'incant.dev/failed': 'true' } },
  }
  const items = [marked, revision('0', { image: ['words:0'] }), revision('2', FLAGS)]
  const { code, applied } = await run(
    [
      { to: 'get deployment words', stdout: deployment() },
      NO_PODS,
      { to: 'get replicasets', stdout: { items } },
      ...APPLIED,
    ],
    ...['server', 'rollback', 'words'],
  )
  expect(code).toBe(0)
  expect(applied[0].items[1].spec.template.spec.containers[0].image).toBe('words:0')
})

test('stop removes the autoscaler and the budget, and leaves no pods; start brings them back', SLOW, async () => {
  const flags = { ...FLAGS, maxPods: ['4'] }
  const stopped = await run(
    [{ to: 'get deployment words', stdout: deployment({ flags }) }, NO_PODS, ...APPLIED],
    ...['server', 'stop', 'words'],
  )
  expect(stopped.code).toBe(0)
  expect(stopped.applied[0].items[1].spec.replicas).toBe(0)
  const started = await run(
    [
      { to: 'get deployment words', stdout: deployment({ flags, stopped: true, replicas: 0 }) },
      NO_PODS,
      REVISIONS,
      ...APPLIED,
    ],
    ...['server', 'start', 'words'],
  )
  expect(started.code).toBe(0)
  expect(started.applied[0].items.map(({ kind }: { kind: string }) => kind)).toContain('HorizontalPodAutoscaler')
})

test('a conflict about the number of pods is ours to decide, one about anything else is not', SLOW, async () => {
  const conflict = (...fields: readonly string[]): KubectlAnswer => ({
    to: 'apply',
    code: 1,
    stderr: `error: Apply failed with 1 conflict: conflicts with "kube-controller-manager" with subresource "scale" using apps/v1:\n${fields.map(field => `- ${field}\n`).join('')}`,
    times: 1,
  })
  const get = [{ to: 'get deployment words', stdout: deployment() }, NO_PODS, REVISIONS]
  const ours = await run([...get, conflict('.spec.replicas'), ...APPLIED], 'server', 'update', 'words', '--image', 'b')
  expect(ours.code).toBe(0)
  expect(ours.lines.filter(line => line.includes('--force-conflicts'))).toHaveLength(1)
  const theirs = await run(
    [...get, conflict('.spec.replicas', '.spec.strategy'), ...APPLIED],
    'server',
    'update',
    'words',
    '--image',
    'b',
  )
  expect(theirs.code).toBe(1)
  expect(theirs.stderr).toMatch(/error\[cluster_failed\]: kubectl: error: Apply failed/)
})

test('rm refuses a server that runs', SLOW, async () => {
  const get = { to: 'get deployment words', stdout: deployment() }
  const refused = await run([get], 'server', 'rm', 'words')
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('incant server stop words')
  const forced = await run([get, NO_PODS, ...APPLIED], 'server', 'rm', 'words', '--force')
  expect(forced.code).toBe(0)
  expect(forced.lines.some(line => line.startsWith('delete --ignore-not-found'))).toBe(true)
})

test('logs are those of every pod, or of one', SLOW, async () => {
  const answers = [
    { to: 'get deployment words', stdout: deployment() },
    { to: 'logs', stdout: 'a line\n' },
  ]
  const all = await run(answers, 'server', 'logs', 'words', '-f', '-n', 'models')
  expect(all.stdout).toBe('a line\n')
  expect(all.lines).toContain(
    '--namespace models logs --selector app.kubernetes.io/name=words,app.kubernetes.io/managed-by=incant --prefix --max-log-requests 50 --tail 100 --follow',
  )
  const one = await run(answers, 'server', 'logs', 'words', '--pod', 'words-1', '--tail', '5', '--previous')
  expect(one.lines).toContain('logs words-1 --tail 5 --previous')
})

test('status says of each pod why it was restarted, and exits with 1 where not all are ready', SLOW, async () => {
  const pod = {
    metadata: { name: 'words-2-x' },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          ready: true,
          restartCount: 3,
          lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-01T00:00:00Z' } },
        },
      ],
    },
  }
  const { code, stdout } = await run(
    [
      { to: 'get deployment words', stdout: deployment({ status: { ...READY, availableReplicas: 1 } }) },
      { to: 'get pods', stdout: { items: [pod] } },
    ],
    ...['server', 'status', 'words'],
  )
  expect(stdout).toBe(
    'words is updating: words:1\nPOD        STATE  RESTARTS  LAST END\nwords-2-x  ready  3         OOMKilled, exit code 137 at 2026-01-01T00:00:00Z\n',
  )
  expect(code).toBe(1)
})

test('list has servers of every namespace where it is asked to', SLOW, async () => {
  const { stdout, lines } = await run(
    [{ to: 'get deployments', stdout: { items: [deployment()] } }],
    'server',
    'list',
    '--all-namespaces',
  )
  expect(lines).toEqual([
    'get deployments --selector app.kubernetes.io/managed-by=incant,!serving.kserve.io/inferenceservice,!serving.knative.dev/service --all-namespaces --output json',
  ])
  expect(stdout).toBe('NAME   NAMESPACE  STATE  READY  IMAGE\nwords  models     ready  2/2    words:1\n')
})

test.each([
  ['without kubectl', ['server', 'list'], 'Install kubectl'],
  ['of an unknown action', ['server', 'statsu', 'words'], 'Did you mean "status"?'],
  ['of no server', ['server', 'stop'], 'no name of a server'],
  ['for Compose', ['deploy', 'words', '--for', 'compose', '--image', 'a'], 'docker compose -f - up'],
])('%s, the error says what to do', SLOW, async (_what, words, says) => {
  const { folder } = fakeKubectl([])
  const { code, stderr } = await runIncant(words, { cwd: folder, env: { PATH: '/nowhere' } })
  expect(code).toBe(1)
  expect(stderr).toContain(says)
})

test('a server that is not there, and one that was applied by hand, are told apart', SLOW, async () => {
  const missing = await run([{ to: 'get deployment', stdout: '' }], 'server', 'stop', 'words')
  expect(missing.stderr).toContain('there is no server words')
  const foreign = { ...deployment(), metadata: { name: 'words', labels: {} } }
  const other = await run([{ to: 'get deployment', stdout: foreign }], 'server', 'stop', 'words')
  expect(other.stderr).toContain('is not one of Incant')
})
