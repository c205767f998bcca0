import { expect, test } from 'vitest'
import { readDeployment, readPods } from '../../src/kubectl/objects.ts'
import { judgeRollout } from '../../src/rollout/progress.ts'

const deployment = (status: object, generation = 2) =>
  readDeployment({
    metadata: { name: 'words', generation },
    spec: { replicas: 2, template: { spec: { containers: [{ image: 'words:1' }] } } },
    status: { observedGeneration: 2, ...status },
  })

const pods = (...containers: readonly object[]) =>
  readPods({
    items: containers.map((container, index) => ({
      metadata: { name: `words-${index}` },
      status: { phase: 'Running', containerStatuses: [{ ready: false, restartCount: 0, ...container }] },
    })),
  })

const READY = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 }
const CRASH = { terminated: { reason: 'Error', exitCode: 1 } }

test('a rollout is done when every pod is new, ready, and no old one is left', () => {
  expect(judgeRollout(deployment(READY), [])).toEqual({ kind: 'done' })
  expect(judgeRollout(deployment({ ...READY, replicas: 3 }), [])).toMatchObject({ kind: 'waiting' })
  expect(judgeRollout(deployment({ ...READY, updatedReplicas: 1 }), [])).toEqual({
    kind: 'waiting',
    ready: 1,
    wanted: 2,
  })
})

test('what the controller has not seen yet says nothing', () => {
  expect(judgeRollout(deployment(READY, 3), [])).toMatchObject({ kind: 'waiting' })
})

test.each([
  [
    'it crashes again and again',
    { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: CRASH, restartCount: 2 },
    'failed',
    'CrashLoopBackOff: Error, exit code 1',
  ],
  ['it crashed twice', { state: CRASH, restartCount: 1 }, 'failed', 'Error, exit code 1'],
  [
    'its image has no name',
    { state: { waiting: { reason: 'InvalidImageName', message: 'bad' } } },
    'failed',
    'InvalidImageName: bad',
  ],
  [
    'its image cannot be fetched',
    { state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } } },
    'stuck',
    'ImagePullBackOff: not found',
  ],
  [
    'its Secret is not there',
    { state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "a" not found' } } },
    'stuck',
    'CreateContainerConfigError: secret "a" not found',
  ],
])('a pod fails where %s', (_what, container, kind, reason) => {
  expect(judgeRollout(deployment({}), pods(container))).toEqual({ kind, reason, pod: 'words-0' })
})

test.each([
  ['it starts', { state: {} }],
  ['it crashed once', { state: {}, lastState: CRASH, restartCount: 1, ready: true }],
  ['its first run ended well', { state: { terminated: { reason: 'Completed', exitCode: 0 } }, restartCount: 1 }],
])('a pod does not fail where %s', (_what, container) => {
  expect(judgeRollout(deployment({}), pods(container))).toMatchObject({ kind: 'waiting' })
})

test('a deadline that has passed and pods that are refused are reported', () => {
  const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too long' }
  expect(judgeRollout(deployment({ conditions: [late] }), pods({}))).toEqual({
    kind: 'failed',
    reason: 'ProgressDeadlineExceeded: too long',
    pod: 'words-0',
  })
  const refused = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }
  expect(judgeRollout(deployment({ conditions: [refused] }), [])).toEqual({
    kind: 'stuck',
    reason: 'FailedCreate: exceeded quota',
    pod: undefined,
  })
})
