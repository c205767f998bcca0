import type { ServerPlan } from './plan.ts'
import { parseQuantity } from './quantity.ts'

/** Where callers connect. */
export const PORT = 8000
/** Where probes and Prometheus do. */
export const PROBES_PORT = 8001
/** The folder of a certificate of the server itself. */
export const TLS_FOLDER = '/tls'

/** A variable of the environment, and what a person should know of it. */
export interface Variable {
  readonly name: string
  readonly value: string
  readonly comment?: string
}

/** What differs between targets in the variables of a server. */
export interface VariableOptions {
  /** The folder of the model; absent: that of the predictor. */
  readonly modelPath?: string | undefined
  /** Whether the server itself refuses callers by their address. */
  readonly checksAddresses: boolean
}

/** The environment of a server, in a stable order: what the manifest decides, settings, variables of the predictor. */
export function variablesOf(plan: ServerPlan, options: VariableOptions): readonly Variable[] {
  const { modelPath } = options
  const decided: readonly Variable[] = [
    { name: 'INCANT_HOST', value: '0.0.0.0' },
    { name: 'INCANT_PORT', value: String(PORT) },
    { name: 'INCANT_PROBES_LISTEN', value: `0.0.0.0:${PROBES_PORT}` },
    {
      name: 'INCANT_WORKERS',
      value: String(plan.workers),
      comment: 'Not "auto", which counts the processors of the node.',
    },
    ...heap(plan),
    ...devices(plan),
    ...(modelPath === undefined ? [] : [{ name: 'INCANT_MODEL_PATH', value: modelPath }]),
    ...access(plan, options),
  ]
  const others = { ...plan.settings, ...plan.env }
  const own = new Set(Object.keys(others))
  return [
    ...decided.filter(({ name }) => !own.has(name)),
    ...Object.entries(others).map(([name, value]) => ({ name, value })),
  ]
}

/** Node's own limit follows the memory of the whole container, which the replicas share with the front. */
function heap({ workers, resources }: ServerPlan): readonly Variable[] {
  const memory = parseQuantity(resources.memoryLimit)
  if (memory === undefined) return []
  const each = Math.floor((memory * 0.75) / Math.max(1, workers) / 1024 ** 2)
  return [
    {
      name: 'INCANT_MAX_HEAP',
      value: `${Math.max(64, each)}MiB`,
      comment: 'Of each replica: three quarters of the memory together.',
    },
  ]
}

function devices({ resources, workers }: ServerPlan): readonly Variable[] {
  if (resources.gpus < 2 || workers !== resources.gpus) return []
  const indexes = Array.from({ length: workers }, (_, index) => index).join(',')
  return [{ name: 'INCANT_WORKER_ENV', value: `CUDA_VISIBLE_DEVICES=${indexes}` }]
}

function access(plan: ServerPlan, { checksAddresses }: VariableOptions): readonly Variable[] {
  const { exposure } = plan
  const isPrivate = exposure.visibility === 'private' && checksAddresses
  return [
    ...(isPrivate ? restrictions(plan) : []),
    ...(exposure.servesTLS
      ? [
          { name: 'INCANT_TLS_CERT', value: `${TLS_FOLDER}/tls.crt` },
          { name: 'INCANT_TLS_KEY', value: `${TLS_FOLDER}/tls.key` },
        ]
      : [plainHTTP(isPrivate)]),
  ]
}

function plainHTTP(isPrivate: boolean): Variable {
  const comment = isPrivate
    ? 'Decide: as --insecure-http says, callers and server talk in plain text.'
    : 'TLS ends in front of the pods. What passes between them and the proxy is plain text, credentials included.'
  return { name: 'INCANT_INSECURE_HTTP', value: 'true', comment }
}

function restrictions(plan: ServerPlan): readonly Variable[] {
  const { callers, podNetworks } = plan.exposure
  const addresses = callers.flatMap(caller => (caller.kind === 'addresses' ? [caller.cidr] : []))
  const pods = callers.some(({ kind }) => kind !== 'addresses') ? podNetworks : []
  return [
    { name: 'INCANT_VISIBILITY', value: 'private' },
    {
      name: 'INCANT_ALLOW',
      value: [...new Set([...addresses, ...pods, '127.0.0.1/32'])].join(','),
      comment:
        pods.length > 0
          ? 'Decide: narrow the ranges to those of your pods. 127.0.0.1 is kubectl port-forward, which RBAC permits or not.'
          : '127.0.0.1 is kubectl port-forward, which RBAC permits or not.',
    },
    { name: 'INCANT_ALLOWED_HOST', value: hostNames(plan).join(',') },
  ]
}

/** Names under which a server is called inside of its cluster, and its domains. */
export function hostNames({ name, namespace, exposure }: ServerPlan): readonly string[] {
  const within =
    namespace === undefined
      ? []
      : [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`]
  return [name, ...within, ...exposure.domains]
}
