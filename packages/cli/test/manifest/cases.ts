import { expect } from 'vitest'
import type { ManifestOptionName } from '../../src/arguments/manifest-command.ts'

const IMAGE = 'registry.example/words@sha256:3b1e55a53f2a8e3c6a0d4f5b6c7d8e9fa0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5'

/** A manifest for each kind of server, as people would ask for it. The files are what a person gets. */
export const MANIFESTS: Readonly<Record<string, readonly string[]>> = {
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
  'kserve-standard': [
    ...['--for', 'kserve', '--image', IMAGE, '--min-pods', '2', '--max-pods', '4', '--target-cpu-utilization', '60'],
    ...['--cpu-request', '2', '--pull-secret', 'registry', '--secret-files', 'word-tokens=/secrets/tokens'],
    ...['--drain-delay', '20s', '--grace-period', '1m', '--strategy', 'recreate'],
  ],
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

const POD = 'Deployment.spec.template.spec'
const CONTAINER = `${POD}.containers.0`
const PRIVATE = ['--visibility', 'private', '--insecure-http']
const DOMAIN = ['--domain', 'words.example.com']

/** Flags, and members of the objects that they lead to. Complete by its type: a new option does not compile without. */
export const OPTION_CASES: Readonly<
  Record<ManifestOptionName, { readonly flags: readonly string[]; readonly gives: Readonly<Record<string, unknown>> }>
> = {
  for: { flags: ['--for', 'knative'], gives: { 'Service.apiVersion': 'serving.knative.dev/v1' } },
  image: { flags: ['--image', 'words:2'], gives: { [`${CONTAINER}.image`]: 'words:2' } },
  namespace: {
    flags: ['--namespace', 'models'],
    gives: { 'Deployment.metadata.namespace': 'models', 'Service.metadata.namespace': 'models' },
  },
  createNamespace: {
    flags: ['--namespace', 'models', '--create-namespace'],
    gives: {
      'Namespace.metadata.name': 'models',
      'Namespace.metadata.labels': expect.objectContaining({ 'pod-security.kubernetes.io/enforce': 'restricted' }),
    },
  },
  pullSecret: { flags: ['--pull-secret', 'registry'], gives: { [`${POD}.imagePullSecrets`]: [{ name: 'registry' }] } },
  modelImage: {
    flags: ['--model-image', 'models/words:v1'],
    gives: {
      [`${POD}.volumes.1`]: { name: 'model', image: { reference: 'models/words:v1', pullPolicy: 'IfNotPresent' } },
      [`${CONTAINER}.volumeMounts.1`]: { name: 'model', mountPath: '/model', readOnly: true },
      [`${CONTAINER}.env`]: expect.arrayContaining([{ name: 'INCANT_MODEL_PATH', value: '/model' }]),
    },
  },
  minPods: { flags: ['--min-pods', '3'], gives: { 'Deployment.spec.replicas': 3, HorizontalPodAutoscaler: undefined } },
  maxPods: {
    flags: ['--min-pods', '2', '--max-pods', '5'],
    gives: {
      'Deployment.spec.replicas': undefined,
      'HorizontalPodAutoscaler.spec.minReplicas': 2,
      'HorizontalPodAutoscaler.spec.maxReplicas': 5,
      'HorizontalPodAutoscaler.spec.metrics.0.resource.target.averageUtilization': 70,
    },
  },
  targetCpuUtilization: {
    flags: ['--max-pods', '5', '--target-cpu-utilization', '55'],
    gives: { 'HorizontalPodAutoscaler.spec.metrics.0.resource.target.averageUtilization': 55, ScaledObject: undefined },
  },
  targetRequestsPerSecond: {
    flags: ['--max-pods', '5', '--target-requests-per-second', '20', '--target-cpu-utilization', '55'],
    gives: {
      HorizontalPodAutoscaler: undefined,
      'Deployment.spec.replicas': undefined,
      'ScaledObject.spec.triggers.0.metadata.threshold': '20',
      'ScaledObject.spec.triggers.0.metadata.query': 'sum(rate(incant_requests_total{pod=~"words-.+"}[1m]))',
      'ScaledObject.spec.triggers.0.metadata.ignoreNullValues': 'false',
      'ScaledObject.spec.triggers.1.type': 'cpu',
    },
  },
  targetCalls: {
    flags: ['--max-pods', '5', '--target-calls', '4', '--namespace', 'models'],
    gives: {
      'ScaledObject.spec.triggers.0.metadata.query':
        'sum(incant_calls_in_flight{namespace="models",pod=~"words-.+"}) + sum(incant_queue_length{namespace="models",pod=~"words-.+"})',
      'ScaledObject.spec.fallback.replicas': 1,
    },
  },
  prometheus: {
    flags: ['--max-pods', '5', '--target-calls', '4', '--prometheus', 'http://metrics:9090'],
    gives: { 'ScaledObject.spec.triggers.0.metadata.serverAddress': 'http://metrics:9090' },
  },
  podMonitor: {
    flags: ['--pod-monitor'],
    gives: {
      'PodMonitor.spec.podMetricsEndpoints.0.port': 'probes',
      [`${CONTAINER}.ports.1`]: { name: 'probes', containerPort: 8001, protocol: 'TCP' },
    },
  },
  cpuRequest: {
    flags: ['--cpu-request', '3'],
    gives: {
      [`${CONTAINER}.resources.requests.cpu`]: '3',
      [`${CONTAINER}.env`]: expect.arrayContaining([{ name: 'INCANT_WORKERS', value: '3' }]),
    },
  },
  cpuLimit: { flags: ['--cpu-limit', '4'], gives: { [`${CONTAINER}.resources.limits.cpu`]: '4' } },
  ramRequest: {
    flags: ['--ram-request', '2Gi'],
    gives: { [`${CONTAINER}.resources.requests.memory`]: '2Gi', [`${CONTAINER}.resources.limits.memory`]: '2Gi' },
  },
  ramLimit: {
    flags: ['--ram-limit', '1Gi'],
    gives: {
      [`${CONTAINER}.resources.requests.memory`]: '512Mi',
      [`${CONTAINER}.resources.limits.memory`]: '1Gi',
      [`${CONTAINER}.env`]: expect.arrayContaining([{ name: 'INCANT_MAX_HEAP', value: '768MiB' }]),
    },
  },
  gpuLimit: {
    flags: ['--gpu-limit', '2'],
    gives: {
      [`${CONTAINER}.resources.limits`]: { memory: '512Mi', 'nvidia.com/gpu': '2' },
      [`${CONTAINER}.env`]: expect.arrayContaining([
        { name: 'INCANT_WORKERS', value: '2' },
        { name: 'INCANT_WORKER_ENV', value: 'CUDA_VISIBLE_DEVICES=0,1' },
      ]),
    },
  },
  strategy: { flags: ['--strategy', 'recreate'], gives: { 'Deployment.spec.strategy': { type: 'Recreate' } } },
  allowFrom: {
    flags: [
      ...PRIVATE,
      '--allow-from',
      '10.20.0.0/16',
      '--allow-from',
      'namespace:shop',
      '--allow-from',
      'pods:app=batch',
    ],
    gives: {
      'NetworkPolicy.spec.ingress.0.from': [
        { ipBlock: { cidr: '10.20.0.0/16' } },
        { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
        { podSelector: { matchLabels: { app: 'batch' } } },
      ],
      'NetworkPolicy.spec.ingress.0.ports': [{ port: 8000, protocol: 'TCP' }],
      'NetworkPolicy.spec.ingress.1.ports': [{ port: 8001, protocol: 'TCP' }],
      Ingress: undefined,
    },
  },
  podNetworks: {
    flags: [...PRIVATE, '--allow-from', 'namespace:shop', '--pod-network', '10.244.0.0/16'],
    gives: {
      [`${CONTAINER}.env`]: expect.arrayContaining([{ name: 'INCANT_ALLOW', value: '10.244.0.0/16,127.0.0.1/32' }]),
    },
  },
  domains: {
    flags: DOMAIN,
    gives: {
      'Ingress.spec.rules.0.host': 'words.example.com',
      'Ingress.spec.rules.0.http.paths.0.path': '/predict',
      'Ingress.spec.rules.0.http.paths.0.pathType': 'Exact',
    },
  },
  gateway: {
    flags: [...DOMAIN, '--gateway', 'infra/public', '--request-timeout', '30s'],
    gives: {
      Ingress: undefined,
      'HTTPRoute.spec.parentRefs': [{ name: 'public', namespace: 'infra' }],
      'HTTPRoute.spec.hostnames': ['words.example.com'],
      'HTTPRoute.spec.rules.0.timeouts.request': '90s',
    },
  },
  ingressClass: { flags: [...DOMAIN, '--ingress-class', 'nginx'], gives: { 'Ingress.spec.ingressClassName': 'nginx' } },
  tlsSecret: {
    flags: ['--tls-secret', 'certificate'],
    gives: {
      [`${POD}.volumes.1`]: { name: 'tls', secret: { secretName: 'certificate', defaultMode: 0o440 } },
      'Service.spec.ports.0': { name: 'https', port: 443, targetPort: 'https', protocol: 'TCP' },
      [`${CONTAINER}.env`]: expect.arrayContaining([{ name: 'INCANT_TLS_CERT', value: '/tls/tls.crt' }]),
    },
  },
  issuer: {
    flags: [...DOMAIN, '--issuer', 'ClusterIssuer/letsencrypt'],
    gives: {
      'Certificate.spec.issuerRef': { kind: 'ClusterIssuer', name: 'letsencrypt' },
      'Certificate.spec.dnsNames': ['words.example.com'],
      'Certificate.spec.secretName': 'words-tls',
      'Ingress.spec.tls': [{ hosts: ['words.example.com'], secretName: 'words-tls' }],
    },
  },
  env: {
    flags: ['--env', 'LANGUAGE=de,en'],
    gives: { [`${CONTAINER}.env`]: expect.arrayContaining([{ name: 'LANGUAGE', value: 'de,en' }]) },
  },
  secretEnv: {
    flags: ['--secret-env', 'keys'],
    gives: { [`${CONTAINER}.envFrom`]: [{ secretRef: { name: 'keys' } }] },
  },
  secretFiles: {
    flags: ['--secret-files', 'tokens=/secrets/tokens'],
    gives: {
      [`${POD}.volumes.1`]: { name: 'secret-0', secret: { secretName: 'tokens', defaultMode: 0o440 } },
      [`${CONTAINER}.volumeMounts.1`]: { name: 'secret-0', mountPath: '/secrets/tokens', readOnly: true },
    },
  },
}
