import type { ManifestTarget } from '../arguments/manifest-command.ts'

/** Who may call a private server. */
export type Caller =
  | { readonly kind: 'addresses'; readonly cidr: string }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'pods'; readonly key: string; readonly value: string }

/** When pods are added and removed. Each target is what one pod is to have; absent: it does not count. */
export interface Scaling {
  readonly min: number
  /** As many as `min` where nothing scales. */
  readonly max: number
  /** Percent of the request. */
  readonly cpuUtilization?: number
  readonly requestsPerSecond?: number
  /** Calls in flight and waiting. */
  readonly calls?: number
  /** URL. */
  readonly prometheus: string
}

/** What each pod gets, in the quantities of Kubernetes. */
export interface Resources {
  readonly cpuRequest: string
  readonly cpuLimit?: string
  readonly memoryRequest: string
  readonly memoryLimit: string
  readonly gpus: number
}

/** Where callers come from, and where TLS ends. */
export interface Exposure {
  readonly visibility: 'public' | 'private'
  readonly callers: readonly Caller[]
  /** CIDR. */
  readonly podNetworks: readonly string[]
  readonly domains: readonly string[]
  readonly gateway?: { readonly name: string; readonly namespace?: string }
  readonly ingressClass?: string
  /** The name of the Secret. */
  readonly tlsSecret?: string
  /** Who signs what is in that Secret. */
  readonly issuer?: { readonly kind: 'Issuer' | 'ClusterIssuer'; readonly name: string }
  /** Whether the server itself answers TLS. */
  readonly servesTLS: boolean
  /** Paths that a public route leads to. */
  readonly routes: readonly string[]
}

/** The times of a server that a manifest follows, in seconds. */
export interface Times {
  /** From the signal to the end of the process, at most. */
  readonly termination: number
  readonly setup: number
  /** From the first byte of a request to the last of its answer, at most. */
  readonly exchange: number
}

/** Everything a manifest says, read and checked: the data that each target is written from. */
export interface ServerPlan {
  readonly name: string
  readonly target: ManifestTarget
  readonly image: string
  readonly namespace?: string
  readonly createNamespace: boolean
  readonly pullSecret?: string
  readonly modelImage?: string
  readonly scaling: Scaling
  readonly podMonitor: boolean
  readonly resources: Resources
  readonly strategy: 'rolling' | 'recreate'
  readonly exposure: Exposure
  readonly times: Times
  /** Calls that one pod works on at once. */
  readonly concurrency: number
  readonly workers: number
  /** Settings of the server by the name of their variable, as they were given. */
  readonly settings: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly secretEnv: readonly string[]
  readonly secretFiles: readonly { readonly secret: string; readonly folder: string }[]
  /** Whether the manifest has no pods. */
  readonly isStopped: boolean
}
