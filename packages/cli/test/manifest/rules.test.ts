import { expect, test } from 'vitest'
import { at, manifest, objects, variables } from './read.ts'

const POD = 'Deployment.spec.template.spec'

test('a pod is as restricted as the Pod Security Standards know, and writes to its temporary folder alone', () => {
  const found = objects()
  expect(at(found, `${POD}.securityContext`)).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 65_532,
    seccompProfile: { type: 'RuntimeDefault' },
  })
  expect(at(found, `${POD}.containers.0.securityContext`)).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 65_532,
    seccompProfile: { type: 'RuntimeDefault' },
  })
  expect(at(found, `${POD}.volumes`)).toEqual([{ name: 'tmp', emptyDir: {} }])
  expect(at(found, `${POD}.automountServiceAccountToken`)).toBe(false)
  expect(at(found, 'ServiceAccount.automountServiceAccountToken')).toBe(false)
})

test('variables of Services of the namespace do not reach the server', () => {
  expect(at(objects(), `${POD}.enableServiceLinks`)).toBe(false)
})

test('the grace period follows drain delay and grace period, and no preStop sleep is added', () => {
  expect(at(objects(), `${POD}.terminationGracePeriodSeconds`)).toBe(40)
  expect(at(objects('--drain-delay', '15s', '--grace-period', '2m'), `${POD}.terminationGracePeriodSeconds`)).toBe(145)
  expect(manifest('--image', 'words:1')).not.toMatch(/preStop:/)
})

test('the startup probe waits as long as setup() may take; liveness asks the server alone', () => {
  const found = objects('--setup-timeout', '90s')
  const probe = (name: string) => at(found, `${POD}.containers.0.${name}`)
  expect(probe('startupProbe')).toEqual({
    httpGet: { path: '/ready', port: 8001 },
    periodSeconds: 2,
    timeoutSeconds: 2,
    failureThreshold: 45,
  })
  expect(probe('readinessProbe')).toMatchObject({ httpGet: { path: '/ready', port: 8001 }, failureThreshold: 1 })
  expect(probe('livenessProbe')).toMatchObject({ httpGet: { path: '/livez', port: 8001 }, failureThreshold: 3 })
  expect(at(found, 'Deployment.spec.progressDeadlineSeconds')).toBe(150)
})

test('the port of the probes is no part of the Service', () => {
  expect(at(objects(), 'Service.spec.ports')).toEqual([{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }])
})

test('a rolling update never takes a pod before another one is ready', () => {
  expect(at(objects(), 'Deployment.spec.strategy.rollingUpdate')).toEqual({ maxSurge: 1, maxUnavailable: 0 })
})

test('workers are a number, whatever they are by default', () => {
  expect(variables()['INCANT_WORKERS']).toBe('1')
  expect(variables('--workers', 'auto', '--cpu-request', '4')['INCANT_WORKERS']).toBe('4')
  expect(variables('--workers', '2')['INCANT_WORKERS']).toBe('2')
})

test('settings of the server go along, and one of them wins over what the manifest would say', () => {
  const found = variables(
    '--queue',
    '5',
    '--max-heap',
    '1GiB',
    '--cors-origin',
    'https://a.example',
    '--cors-origin',
    'https://b.example',
  )
  expect(found).toMatchObject({
    INCANT_QUEUE: '5',
    INCANT_MAX_HEAP: '1GiB',
    INCANT_CORS_ORIGIN: 'https://a.example,https://b.example',
  })
})

test('a private server answers TLS, its names, and kubectl port-forward', () => {
  const found = variables(
    '--visibility',
    'private',
    '--allow-from',
    '10.20.0.0/16',
    '--tls-secret',
    'certificate',
    '--namespace',
    'models',
  )
  expect(found).toMatchObject({
    INCANT_VISIBILITY: 'private',
    INCANT_ALLOW: '10.20.0.0/16,127.0.0.1/32',
    INCANT_ALLOWED_HOST: 'words,words.models,words.models.svc,words.models.svc.cluster.local',
    INCANT_TLS_KEY: '/tls/tls.key',
  })
  expect(found).not.toHaveProperty('INCANT_INSECURE_HTTP')
})

test('the certificate of a private server names the Service, also where callers know another name', () => {
  const found = objects(
    '--visibility',
    'private',
    '--allow-from',
    'namespace:shop',
    '--issuer',
    'internal',
    '--namespace',
    'models',
    '--domain',
    'words.internal',
  )
  expect(at(found, 'Certificate.spec.dnsNames')).toEqual([
    'words',
    'words.models',
    'words.models.svc',
    'words.models.svc.cluster.local',
    'words.internal',
  ])
  expect(found).not.toHaveProperty('Ingress')
})

test.each(['knative', 'kserve'])('a private server on %s has no address outside of the cluster', target => {
  const [found] = Object.values(objects('--for', target, '--visibility', 'private'))
  expect(Object.values(Object(at(found, 'metadata.labels')))).toContain('cluster-local')
})

test.each(['kubernetes', 'kserve', 'knative', 'compose'])(
  'no value of a Secret can come into a manifest for %s',
  target => {
    expect(() => manifest('--image', 'words:1', '--for', target, '--env', 'API_TOKEN=t0p')).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.not.stringContaining('t0p') }),
    )
  },
)

test('a dollar sign of a value is not a variable to Compose', () => {
  expect(at(objects('--for', 'compose', '--env', 'PRICE=$5'), 'Compose.services.words.environment.PRICE')).toBe('$$5')
})

test('values that YAML would read as something else stay text', () => {
  const found = variables('--env', 'NO=no', '--env', 'NUMBER=08', '--env', 'LINES=a\nb: c', '--env', 'MARK=# x')
  expect(found).toMatchObject({ NO: 'no', NUMBER: '08', LINES: 'a\nb: c', MARK: '# x' })
})

test.each([
  [['--image', 'words 1'], 'missing_argument', '--image registry.example/words:1'],
  [['--min-pods', '3', '--max-pods', '2'], 'invalid_option', 'less than --min-pods 3'],
  [['--min-pods', '0'], 'invalid_option', '--for knative'],
  [['--target-calls', '3'], 'invalid_option', '--max-pods'],
  [['--cpu-request', 'two'], 'invalid_option', '--cpu-request is "two"'],
  [['--visibility', 'private'], 'invalid_option', '--allow-from namespace:shop'],
  [['--visibility', 'private', '--allow-from', 'namespace:shop'], 'invalid_option', '--tls-secret'],
  [['--allow-from', '10.0.0.0/8'], 'invalid_option', '--visibility private'],
  [['--visibility', 'private', '--allow-from', '10.0.0.0/33'], 'invalid_option', '10.20.0.0/16'],
  [['--visibility', 'private', '--allow-from', 'everybody'], 'invalid_option', '--allow-from is "everybody"'],
  [
    ['--for', 'compose', '--visibility', 'private', '--allow-from', 'namespace:a', '--insecure-http'],
    'invalid_option',
    'Compose knows no namespaces',
  ],
  [['--domain', 'words'], 'invalid_option', 'words.example.com'],
  [['--gateway', 'a/b/c'], 'invalid_option', 'NAMESPACE/NAME'],
  [['--issuer', 'Other/x'], 'invalid_option', 'ClusterIssuer/NAME'],
  [['--secret-files', 'tokens'], 'invalid_option', 'word-tokens=/secrets/tokens'],
  [['--env', 'nothing'], 'invalid_option', 'KEY=VALUE'],
  [['--for', 'nomad'], 'invalid_option', 'one of kubernetes, kserve, knative, compose'],
  [['--request-timeout', 'soon'], 'invalid_option', '--request-timeout is "soon"'],
])('%j is refused, with what to write', (flags, code, says) => {
  const run = () => manifest('--image', 'words:1', ...flags)
  expect(run).toThrow(expect.objectContaining({ code }))
  expect(run).toThrow(expect.objectContaining({ message: expect.stringContaining(says) }))
})

test('everything that is wrong is said at once', () => {
  expect(() => manifest('--cpu-request', 'two', '--domain', 'words')).toThrow(
    /no image(.|\n)*--cpu-request is "two"(.|\n)*--domain is "words"/,
  )
})
