import type { APP_OPTIONS, SERVER_OPTIONS } from 'incant/internal/options'
import type { ManifestOptionName } from './manifest-command.ts'
import type { CommandOptionName, Flag } from './option.ts'

/** The topics of the options, in the order of the help. */
export const TOPICS = {
  workload: 'What runs, and where',
  pods: 'Pods and what each gets',
  callers: 'Who reaches the server',
  environment: 'Variables and secrets',
  predictor: 'The predictor',
  listening: 'Listening',
  replicas: 'Replicas and their queue',
  times: 'Time limits',
  limits: 'Limits on requests',
  access: 'Access',
  tls: 'TLS',
  observing: 'Logs, metrics and traces',
} as const

/** A topic of the help. */
export type Topic = keyof typeof TOPICS

type OptionName = ManifestOptionName | CommandOptionName | keyof typeof SERVER_OPTIONS | keyof typeof APP_OPTIONS

/** The options that most servers need, in the order of the short help. */
const COMMON: readonly OptionName[] = [
  'for',
  'image',
  'modelImage',
  'namespace',
  'minPods',
  'maxPods',
  'cpuRequest',
  'ramRequest',
  'gpuLimit',
  'allowFrom',
  'domains',
  'secretFiles',
  'port',
  'host',
  'workers',
  'watch',
  'validate',
  'config',
  'env',
  'modelPath',
  'requestTimeout',
  'logLevel',
]

/** Complete by its type: a new option does not compile without a topic. */
const TOPIC_OF: Readonly<Record<OptionName, Topic>> = {
  for: 'workload',
  image: 'workload',
  modelImage: 'workload',
  namespace: 'workload',
  createNamespace: 'workload',
  pullSecret: 'workload',
  strategy: 'workload',
  podMonitor: 'workload',
  minPods: 'pods',
  maxPods: 'pods',
  targetCpuUtilization: 'pods',
  targetRequestsPerSecond: 'pods',
  targetCalls: 'pods',
  prometheus: 'pods',
  cpuRequest: 'pods',
  cpuLimit: 'pods',
  ramRequest: 'pods',
  ramLimit: 'pods',
  gpuLimit: 'pods',
  allowFrom: 'callers',
  podNetworks: 'callers',
  domains: 'callers',
  gateway: 'callers',
  ingressClass: 'callers',
  tlsSecret: 'callers',
  issuer: 'callers',
  secretEnv: 'environment',
  secretFiles: 'environment',
  settings: 'predictor',
  split: 'predictor',
  config: 'predictor',
  className: 'predictor',
  modelPath: 'predictor',
  runtime: 'predictor',
  modelThreads: 'predictor',
  maxModelSize: 'predictor',
  as: 'predictor',
  env: 'predictor',
  validate: 'predictor',
  watch: 'predictor',
  json: 'predictor',
  debug: 'predictor',
  protocols: 'predictor',
  modelAliases: 'predictor',
  openapi: 'predictor',
  publicUrl: 'listening',
  host: 'listening',
  port: 'listening',
  listen: 'listening',
  public: 'listening',
  private: 'listening',
  probesListen: 'listening',
  grpcListen: 'listening',
  publicRoutes: 'listening',
  maxConnections: 'listening',
  maxConnectionsPerAddress: 'listening',
  workers: 'replicas',
  workerEnv: 'replicas',
  workerExecArgv: 'replicas',
  concurrency: 'replicas',
  queue: 'replicas',
  maxRequests: 'replicas',
  maxMemory: 'replicas',
  maxHeap: 'replicas',
  hangTimeout: 'replicas',
  requestTimeout: 'times',
  setupTimeout: 'times',
  healthTimeout: 'times',
  authTimeout: 'times',
  headersTimeout: 'times',
  bodyTimeout: 'times',
  keepAliveTimeout: 'times',
  stallTimeout: 'times',
  drainDelay: 'times',
  gracePeriod: 'times',
  maxBodySize: 'limits',
  maxBodyChunks: 'limits',
  maxHeaderSize: 'limits',
  maxHeaderCount: 'limits',
  maxUrlLength: 'limits',
  maxFormParts: 'limits',
  maxFormFields: 'limits',
  maxPartHeaderSize: 'limits',
  maxJsonDepth: 'limits',
  maxJsonMembers: 'limits',
  maxJsonItems: 'limits',
  strictJson: 'limits',
  visibility: 'access',
  allow: 'access',
  allowedHosts: 'access',
  trustedProxies: 'access',
  forwardingHeader: 'access',
  maxAuthFailures: 'access',
  publicOpenapi: 'access',
  corsOrigins: 'access',
  jobsStore: 'predictor',
  jobsRetry: 'predictor',
  webhookAllow: 'access',
  webhookSecretsFile: 'access',
  tlsCert: 'tls',
  tlsKey: 'tls',
  clientCa: 'tls',
  insecureHttp: 'tls',
  logFormat: 'observing',
  logLevel: 'observing',
  logRate: 'observing',
  metrics: 'observing',
  metricsAuth: 'observing',
  otel: 'observing',
  healthDetails: 'observing',
  page: 'observing',
}

/** The common ones of a command's options. */
export function commonOptions(options: readonly Flag[]): readonly Flag[] {
  return COMMON.flatMap(name => options.filter(option => option.name === name))
}

/** The options of a topic, in the order of the command. */
export function optionsOf(topic: Topic, options: readonly Flag[]): readonly Flag[] {
  const topics: Readonly<Record<string, Topic>> = TOPIC_OF
  return options.filter(option => topics[option.name] === topic)
}

/** The topic of this name. */
export function findTopic(name: string | undefined): Topic | undefined {
  return Object.keys(TOPICS).find((topic): topic is Topic => topic === name)
}
