// Pods of Kubernetes, as far as they are used here: what the API reference says of these members and no other.

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#probes */
export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: number }
  readonly periodSeconds: number
  readonly timeoutSeconds: number
  readonly failureThreshold: number
}

/** What a container may do. */
export interface SecurityContext {
  readonly allowPrivilegeEscalation: false
  readonly capabilities: { readonly drop: readonly ['ALL'] }
  readonly readOnlyRootFilesystem: true
  readonly runAsNonRoot: true
  readonly runAsUser: number
  readonly seccompProfile: { readonly type: 'RuntimeDefault' }
}

/** A mount of a {@link Volume}. */
export interface VolumeMount {
  readonly name: string
  readonly mountPath: string
  readonly readOnly?: true
}

/** A volume: a folder that is empty at first, a Secret, or the files of an image. */
export type Volume = { readonly name: string } & (
  | { readonly emptyDir: Readonly<Record<string, never>> }
  | { readonly secret: { readonly secretName: string; readonly defaultMode: number } }
  | { readonly image: { readonly reference: string; readonly pullPolicy: 'IfNotPresent' } }
)

/** The container of a server. */
export interface Container {
  readonly name: string
  readonly image: string
  readonly ports: readonly { readonly name: string; readonly containerPort: number; readonly protocol: 'TCP' }[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly envFrom?: readonly { readonly secretRef: { readonly name: string } }[]
  readonly startupProbe?: Probe
  readonly readinessProbe: Probe
  readonly livenessProbe: Probe
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>
    readonly limits: Readonly<Record<string, string>>
  }
  readonly securityContext: SecurityContext
  readonly volumeMounts: readonly VolumeMount[]
}

/** A pod. */
export interface PodSpec {
  readonly serviceAccountName?: string
  readonly automountServiceAccountToken: false
  readonly enableServiceLinks: false
  readonly terminationGracePeriodSeconds?: number
  readonly securityContext?: {
    readonly runAsNonRoot: true
    readonly runAsUser: number
    readonly runAsGroup: number
    readonly fsGroup: number
    readonly seccompProfile: { readonly type: 'RuntimeDefault' }
  }
  readonly imagePullSecrets?: readonly { readonly name: string }[]
  readonly topologySpreadConstraints?: readonly {
    readonly maxSkew: number
    readonly topologyKey: string
    readonly whenUnsatisfiable: 'ScheduleAnyway'
    readonly labelSelector: LabelSelector
  }[]
  readonly containers: readonly Container[]
  readonly volumes: readonly Volume[]
}

/** Objects by their labels. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>
}
