import { expect, test } from 'vitest'
import { manifest } from './read.ts'

const IMAGE = 'registry.example/words@sha256:3b1e55a53f2a8e3c6a0d4f5b6c7d8e9fa0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5'

/** A manifest for each kind of server, as people would ask for it. The files are what a person gets. */
const MANIFESTS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes-smallest': ['--image', 'words:1'],
  'kubernetes-public': [
    ...['--image', IMAGE, '--namespace', 'models', '--create-namespace', '--min-pods', '2', '--max-pods', '8'],
    ...['--target-cpu-utilization', '60', '--cpu-request', '2', '--ram-request', '2Gi', '--ram-limit', '3Gi'],
    ...['--domain', 'words.example.com', '--issuer', 'ClusterIssuer/letsencrypt', '--ingress-class', 'nginx'],
    ...['--secret-files', 'word-tokens=/secrets/tokens', '--secret-env', 'word-keys', '--env', 'LANGUAGE=de,en'],
    ...['--drain-delay', '20s', '--grace-period', '1m', '--setup-timeout', '2m', '--request-timeout', '30s'],
  ],
  'kubernetes-gateway-keda': [
    ...['--image', IMAGE, '--namespace', 'models', '--max-pods', '6', '--target-calls', '8', '--pod-monitor'],
    ...['--target-requests-per-second', '50', '--gateway', 'infra/public', '--domain', 'words.example.com'],
    ...['--public-route', '/predict', '--public-route', '/v1/chat/completions', '--protocol', 'openai'],
    ...['--model-image', 'registry.example/models/words:v3'],
  ],
  'kubernetes-private': [
    ...['--image', IMAGE, '--namespace', 'models', '--visibility', 'private', '--allow-from', 'namespace:shop'],
    ...['--allow-from', 'pods:app=batch', '--allow-from', '10.20.0.0/16', '--issuer', 'internal'],
    ...['--domain', 'words.internal.example'],
  ],
  'kubernetes-gpu': ['--image', IMAGE, '--gpu-limit', '2', '--strategy', 'recreate', '--ram-request', '16Gi'],
  kserve: ['--for', 'kserve', '--image', IMAGE, '--min-pods', '0', '--max-pods', '4', '--target-calls', '8'],
  'kserve-model': ['--for', 'kserve', '--image', IMAGE, '--model-image', 'registry.example/models/words:v3'],
  'kserve-private': ['--for', 'kserve', '--image', IMAGE, '--visibility', 'private', '--protocol', 'v2'],
  knative: ['--for', 'knative', '--image', IMAGE, '--min-pods', '0', '--max-pods', '4', '--concurrency', '4'],
  'knative-private': [
    '--for',
    'knative',
    '--image',
    IMAGE,
    '--visibility',
    'private',
    '--target-requests-per-second',
    '20',
    '--max-pods',
    '3',
  ],
  compose: [
    '--for',
    'compose',
    '--image',
    IMAGE,
    '--cpu-limit',
    '2',
    '--secret-files',
    'word-tokens=/secrets/tokens',
    '--env',
    'PRICE=$5',
  ],
  'compose-private': [
    ...[
      '--for',
      'compose',
      '--image',
      IMAGE,
      '--visibility',
      'private',
      '--allow-from',
      '10.20.0.0/16',
      '--tls-secret',
      'certificate',
    ],
  ],
}

test.each(Object.entries(MANIFESTS))('%s is what the file says', async (name, flags) => {
  await expect(manifest(...flags)).toMatchFileSnapshot(`golden/${name}.yaml`)
})

test('flags in another order give the same manifest', () => {
  const one = manifest('--image', 'words:1', '--min-pods', '2', '--env', 'A=1', '--queue', '5')
  expect(manifest('--queue', '5', '--env', 'A=1', '--image', 'words:1', '--min-pods', '2')).toBe(one)
})
