import type { ServerPlan } from './plan.ts'
import type { Container, PodSpec, Volume, VolumeMount } from './pod.ts'
import { PORT, PROBES_PORT, TLS_FOLDER, type Variable } from './variables.ts'

/** The user of the server: nobody's in particular, and not root. */
export const USER = 65_532
/** Where the image of the model is mounted. */
export const MODEL_FOLDER = '/model'
/** How often a start is asked whether it is over, in seconds. */
const STARTUP_PERIOD = 2

/** What differs between the targets in a container. */
export interface ContainerOptions {
  readonly name: string
  readonly variables: readonly Variable[]
  /** Whether the pod mounts the image of the model. */
  readonly mountsModel: boolean
  /** Whether the port of the probes is declared, by which Prometheus finds it. Knative takes one port. */
  readonly declaresProbes: boolean
}

/** The container of a server, as restricted as the Pod Security Standards know. */
export function containerOf(plan: ServerPlan, options: ContainerOptions): Container {
  const { image, secretEnv, exposure } = plan
  const { name, variables, mountsModel, declaresProbes } = options
  return {
    name,
    image,
    ports: [
      // The default of protocol is said, since a list is merged by port and protocol.
      { name: exposure.servesTLS ? 'https' : declaresProbes ? 'http' : 'http1', containerPort: PORT, protocol: 'TCP' },
      ...(declaresProbes ? [{ name: 'probes', containerPort: PROBES_PORT, protocol: 'TCP' } as const] : []),
    ],
    env: variables.map(({ name, value }) => ({ name, value })),
    ...(secretEnv.length === 0 ? {} : { envFrom: secretEnv.map(secret => ({ secretRef: { name: secret } })) }),
    ...probes(plan),
    resources: resourcesOf(plan),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: mounts(plan, mountsModel),
  }
}

/** A model that loads is waited for; one that is busy is never restarted, since /livez asks the server alone. */
function probes({ times }: ServerPlan): Pick<Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const ready = { httpGet: { path: '/ready', port: PROBES_PORT } }
  return {
    startupProbe: {
      ...ready,
      periodSeconds: STARTUP_PERIOD,
      timeoutSeconds: 2,
      failureThreshold: Math.ceil(times.setup / STARTUP_PERIOD),
    },
    readinessProbe: { ...ready, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 1 },
    livenessProbe: {
      httpGet: { path: '/livez', port: PROBES_PORT },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
  }
}

function resourcesOf({ resources }: ServerPlan): Container['resources'] {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit, gpus } = resources
  return {
    requests: { cpu: cpuRequest, memory: memoryRequest },
    limits: {
      ...(cpuLimit === undefined ? {} : { cpu: cpuLimit }),
      memory: memoryLimit,
      ...(gpus === 0 ? {} : { 'nvidia.com/gpu': String(gpus) }),
    },
  }
}

function mounts(plan: ServerPlan, mountsModel: boolean): readonly VolumeMount[] {
  return [
    { name: 'tmp', mountPath: '/tmp' },
    ...(mountsModel ? [readOnly('model', MODEL_FOLDER)] : []),
    ...(plan.exposure.servesTLS ? [readOnly('tls', TLS_FOLDER)] : []),
    ...plan.secretFiles.map(({ folder }, index) => readOnly(secretVolume(index), folder)),
  ]
}

function readOnly(name: string, mountPath: string): VolumeMount {
  return { name, mountPath, readOnly: true }
}

/** The user of every container of a pod, and the group of the files of its Secrets. */
export const POD_SECURITY: NonNullable<PodSpec['securityContext']> = {
  runAsNonRoot: true,
  runAsUser: USER,
  runAsGroup: USER,
  fsGroup: USER,
  seccompProfile: { type: 'RuntimeDefault' },
}

/** What differs between the targets in the volumes of a pod. */
export interface VolumeOptions {
  /** Whether the pod mounts the image of the model. */
  readonly mountsModel: boolean
  /** Whether the files of a Secret get the group of {@link POD_SECURITY}. Else every user of the pod may read them. */
  readonly setsGroup: boolean
}

/** The volumes that {@link containerOf} mounts. */
export function volumesOf(plan: ServerPlan, { mountsModel, setsGroup }: VolumeOptions): readonly Volume[] {
  const { exposure, modelImage } = plan
  const defaultMode = setsGroup ? 0o440 : 0o444
  // A folder of a Secret, never single files, which Kubernetes does not update.
  const fromSecret = (name: string, secretName: string) => ({ name, secret: { secretName, defaultMode } })
  return [
    { name: 'tmp', emptyDir: {} },
    ...(mountsModel && modelImage !== undefined
      ? [{ name: 'model', image: { reference: modelImage, pullPolicy: 'IfNotPresent' } } as const]
      : []),
    ...(exposure.servesTLS ? [fromSecret('tls', exposure.tlsSecret ?? '')] : []),
    ...plan.secretFiles.map(({ secret }, index) => fromSecret(secretVolume(index), secret)),
  ]
}

function secretVolume(index: number): string {
  return `secret-${index}`
}

/** Comments of a container, by their paths below it. */
export function containerComments(plan: ServerPlan, variables: readonly Variable[]): Readonly<Record<string, string>> {
  const ofVariables = variables.flatMap(({ comment }, index) =>
    comment === undefined ? [] : [[`env.${index}`, comment] as const],
  )
  return {
    ...(plan.image.includes('@')
      ? {}
      : { image: 'Decide: a digest, IMAGE@sha256:…, names one image for ever; a tag can be moved.' }),
    ...Object.fromEntries(ofVariables),
    ...(plan.secretEnv.length === 0
      ? {}
      : { envFrom: 'A pod has the values of its start. Where they change, restart: kubectl rollout restart.' }),
    ...(plan.resources.cpuLimit === undefined
      ? { resources: 'No limit of processors: a pod may use those that are idle.' }
      : {}),
  }
}

/** Prefixes every path. */
export function below(path: string, comments: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(comments).map(([key, text]) => [`${path}.${key}`, text]))
}
