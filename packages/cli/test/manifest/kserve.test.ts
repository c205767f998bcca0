import { expect, test } from 'vitest'
import { at, manifest, objects } from './read.ts'

const PREDICTOR = 'InferenceService.spec.predictor'
const MANY = ['--max-pods', '4'] as const

function kserve(...flags: readonly string[]) {
  return objects('--for', 'kserve', ...flags)
}

test.each([
  [[], 'Standard', {}],
  [MANY, 'Standard', { scaleMetric: 'cpu', scaleTarget: 70 }],
  [[...MANY, '--target-cpu-utilization', '60'], 'Standard', { scaleMetric: 'cpu', scaleTarget: 60 }],
  [[...MANY, '--target-calls', '8'], 'Knative', { scaleMetric: 'concurrency', scaleTarget: 8 }],
  [[...MANY, '--target-requests-per-second', '50'], 'Knative', { scaleMetric: 'rps', scaleTarget: 50 }],
  [['--min-pods', '0'], 'Knative', { minReplicas: 0 }],
] as const)('%j runs in the only mode that scales so: %s', (flags, mode, scaling) => {
  const found = kserve(...flags)
  expect(at(found, 'InferenceService.metadata.annotations')).toEqual({ 'serving.kserve.io/deploymentMode': mode })
  expect(at(found, PREDICTOR)).toMatchObject(scaling)
})

test('no pods and a target of CPU are refused: KServe starts the first pod by calls', () => {
  const flags = ['--for', 'kserve', '--image', 'words:1', '--min-pods', '0', '--max-pods', '4']
  expect(() => manifest(...flags, '--target-cpu-utilization', '60')).toThrow(/--target-calls/)
})

test('pods in the mode Standard are those of a plain cluster; Knative takes less', () => {
  const own = ['deploymentStrategy', 'terminationGracePeriodSeconds', 'securityContext']
  const standard = at(kserve('--grace-period', '1m'), PREDICTOR)
  expect(standard).toMatchObject({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    deploymentStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    terminationGracePeriodSeconds: 75,
    securityContext: { runAsNonRoot: true, fsGroup: 65_532 },
  })
  const knative = at(kserve('--min-pods', '0'), PREDICTOR)
  expect(knative).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
  for (const member of own) expect(knative).not.toHaveProperty(member)
})

test.each([
  ['kserve', [], `${PREDICTOR}.volumes.1.secret.defaultMode`, 0o440],
  ['kserve', ['--min-pods', '0'], `${PREDICTOR}.volumes.1.secret.defaultMode`, 0o444],
  ['knative', [], 'Service.spec.template.spec.volumes.1.secret.defaultMode', 0o444],
] as const)('the user of the server may read a Secret on %s with %j', (target, flags, path, mode) => {
  expect(at(objects('--for', target, '--secret-files', 'tokens=/secrets', ...flags), path)).toBe(mode)
})

test('a limit of processors is never less than the request, as the one that KServe would set may be', () => {
  const limit = (...flags: readonly string[]) => at(kserve(...flags), `${PREDICTOR}.containers.0.resources.limits.cpu`)
  expect([limit(), limit('--cpu-request', '2500m'), limit('--cpu-limit', '3')]).toEqual(['1', '2500m', '3'])
})

test('a model with an image has the resources of its runtime, which KServe would replace', () => {
  const found = kserve('--model-image', 'registry.example/models/words:v3')
  const resources = at(found, 'ServingRuntime.spec.containers.0.resources')
  expect(at(found, `${PREDICTOR}.model`)).toMatchObject({
    storageUri: 'oci://registry.example/models/words:v3',
    resources,
  })
})

test('a registry with credentials is asked with them', () => {
  expect(at(kserve('--pull-secret', 'registry'), `${PREDICTOR}.imagePullSecrets`)).toEqual([{ name: 'registry' }])
})
