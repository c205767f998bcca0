import { APP_OPTIONS, SERVER_OPTIONS } from 'incant/internal/options'
import type { Command } from './command-definition.ts'
import { type Flag, OPTIONS, toFlag } from './option.ts'

/** What a manifest is written for. */
export type ManifestTarget = (typeof MANIFEST_OPTIONS)['for']['choices'][number]

/** What a manifest says beside the settings of the server. Quantities are those of Kubernetes: 500m, 2, 512Mi. */
export const MANIFEST_OPTIONS = {
  for: {
    kind: 'choice',
    default: 'kubernetes',
    choices: ['kubernetes', 'kserve', 'knative', 'compose'],
    doc: 'What runs the server: a plain cluster, KServe, Knative, or Docker Compose on one machine.',
  },
  image: { kind: 'text', default: '', doc: 'The image of the server. With a digest, a rollback is exact.' },
  namespace: {
    kind: 'text',
    default: '',
    doc: 'The namespace, which is also part of the names of a certificate. Default: where the manifest is applied.',
  },
  createNamespace: {
    kind: 'boolean',
    default: false,
    doc: 'Write the namespace as well, with the restricted Pod Security Standard.',
  },
  pullSecret: { kind: 'text', default: '', doc: 'The Secret with the credentials of the registry.' },
  modelImage: {
    kind: 'text',
    default: '',
    doc: 'An image with the files of the model, mounted read-only as its folder: modelInfo.path.',
  },
  minPods: { kind: 'integer', default: 1, minimum: 0, maximum: 10_000, doc: 'The fewest pods.' },
  maxPods: {
    kind: 'integer',
    default: 0,
    minimum: 0,
    maximum: 10_000,
    doc: 'The most pods. 0: as many as minPods, and nothing scales.',
  },
  targetCpuUtilization: {
    kind: 'integer',
    default: 0,
    minimum: 0,
    maximum: 1000,
    doc: 'CPU that each pod is to use, in percent of its request. 0: 70 where pods scale and there is no other target.',
  },
  targetRequestsPerSecond: {
    kind: 'integer',
    default: 0,
    minimum: 0,
    doc: 'Requests a second that each pod is to answer. On plain Kubernetes KEDA scales by it. 0: no target.',
  },
  targetCalls: {
    kind: 'integer',
    default: 0,
    minimum: 0,
    doc: 'Calls in flight and waiting that each pod is to have. On plain Kubernetes KEDA scales by it. 0: no target.',
  },
  prometheus: {
    kind: 'text',
    default: 'http://prometheus-operated.monitoring.svc:9090',
    doc: 'Where KEDA asks for the metrics of the pods.',
  },
  podMonitor: { kind: 'boolean', default: false, doc: 'Write a PodMonitor, for the operator of Prometheus.' },
  cpuRequest: { kind: 'text', default: '500m', doc: 'Processors that each pod is sure to have.' },
  cpuLimit: { kind: 'text', default: '', doc: 'Processors that each pod can use. Default: those that are idle.' },
  ramRequest: { kind: 'text', default: '512Mi', doc: 'Memory that each pod is sure to have.' },
  ramLimit: { kind: 'text', default: '', doc: 'Memory above which a pod is ended. Default: ramRequest.' },
  gpuLimit: {
    kind: 'integer',
    default: 0,
    minimum: 0,
    maximum: 64,
    doc: 'GPUs (nvidia.com/gpu) of each pod. Each runs one replica unless workers says otherwise.',
  },
  strategy: {
    kind: 'choice',
    default: 'rolling',
    choices: ['rolling', 'recreate'],
    doc: 'rolling starts a new pod before an old one ends. recreate ends the old ones first, where there is no second GPU.',
  },
  allowFrom: {
    kind: 'list',
    default: [],
    singular: 'allowFrom',
    placeholder: 'CIDR|namespace:NAME|pods:KEY=VALUE',
    doc: 'Who may connect to a private server: addresses, all pods of a namespace, or pods of its own namespace with a label.',
  },
  podNetworks: {
    kind: 'list',
    default: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
    singular: 'podNetwork',
    placeholder: 'CIDR',
    doc: 'Addresses of the pods of the cluster. A private server answers these where allowFrom names pods.',
  },
  domains: {
    kind: 'list',
    default: [],
    singular: 'domain',
    placeholder: 'NAME',
    doc: 'Names under which callers reach the server. Of a public one they become a route; of a private one, names of its certificate.',
  },
  gateway: {
    kind: 'text',
    default: '',
    doc: 'The Gateway of a public server, as NAME or NAMESPACE/NAME, which an HTTPRoute joins. Default: an Ingress.',
  },
  ingressClass: { kind: 'text', default: '', doc: 'The class of the Ingress. Default: that of the cluster.' },
  tlsSecret: {
    kind: 'text',
    default: '',
    doc: 'The Secret with certificate and key (tls.crt, tls.key): of the Ingress of a public server with domains, else of the server itself.',
  },
  issuer: {
    kind: 'text',
    default: '',
    doc: 'The issuer of cert-manager that signs the certificate, as NAME or ClusterIssuer/NAME.',
  },
  env: {
    kind: 'list',
    default: [],
    singular: 'env',
    placeholder: 'KEY=VALUE',
    doc: 'An environment variable. A manifest is no place for a secret: see secretEnv and secretFiles.',
  },
  secretEnv: {
    kind: 'list',
    default: [],
    singular: 'secretEnv',
    placeholder: 'SECRET',
    doc: 'A Secret whose keys become environment variables. A pod has those of its start.',
  },
  secretFiles: {
    kind: 'list',
    default: [],
    singular: 'secretFiles',
    placeholder: 'SECRET=FOLDER',
    doc: 'A Secret whose keys become files of a folder. Changes reach running pods.',
  },
} as const

/** An option of a manifest itself. */
export type ManifestOptionName = keyof typeof MANIFEST_OPTIONS

/** Settings of a server that a manifest decides, or that have no meaning in it. */
const DECIDED: ReadonlySet<string> = new Set([
  ...['host', 'port', 'listen', 'public', 'private', 'probesListen', 'grpcListen', 'allow', 'allowedHosts'],
  ...['tlsCert', 'tlsKey', 'clientCa', 'modelPath'],
])

/** Settings of the server that a manifest passes on, each in its environment variable. */
export const PASSED_SETTINGS: readonly string[] = [...Object.keys(SERVER_OPTIONS), ...Object.keys(APP_OPTIONS)].filter(
  name => !DECIDED.has(name),
)

/** Every option of `incant manifest`. Its own options cannot be set by environment variables: each belongs to one call. */
export const MANIFEST_FLAGS: readonly Flag[] = [
  ...Object.entries(MANIFEST_OPTIONS).map(([name, definition]) => toFlag(name, definition)),
  ...PASSED_SETTINGS.flatMap(name => withoutVariable(name)),
]

/** `incant manifest`. */
export const MANIFEST_COMMAND: Command = {
  name: 'manifest',
  usage: 'NAME --image IMAGE',
  summary:
    'Print YAML that runs a server: Kubernetes, KServe, Knative or Docker Compose. Settings of the server go along.',
  example: 'incant manifest words --image registry.example/words:1 --min-pods 2 --max-pods 8 > words.yaml',
  options: MANIFEST_FLAGS,
}

function withoutVariable(name: string): readonly Flag[] {
  const option = OPTIONS.get(name)
  return option === undefined ? [] : [{ name, flag: option.flag, definition: option.definition }]
}
