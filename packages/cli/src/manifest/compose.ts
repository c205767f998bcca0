import { USER } from './container.ts'
import type { ServerPlan } from './plan.ts'
import { parseQuantity } from './quantity.ts'
import type { Part } from './resource.ts'
import { PORT, PROBES_PORT, TLS_FOLDER, variablesOf } from './variables.ts'

const MODEL_FOLDER = '/model'

/** A volume of Compose, as far as it is used here. */
interface Volume {
  readonly type: 'bind' | 'image'
  readonly source: string
  readonly target: string
  readonly read_only: true
}

/** A file of Compose, as far as it is used here. */
export interface ComposeFile {
  readonly name: string
  readonly services: Readonly<Record<string, ComposeService>>
}

interface ComposeService {
  readonly image: string
  readonly environment: Readonly<Record<string, string>>
  readonly env_file?: readonly string[]
  readonly ports: readonly string[]
  readonly user: string
  readonly read_only: true
  readonly tmpfs: readonly string[]
  readonly cap_drop: readonly string[]
  readonly security_opt: readonly string[]
  readonly init: true
  readonly restart: string
  readonly stop_grace_period: string
  readonly healthcheck: Readonly<Record<string, unknown>>
  readonly deploy: object
  readonly volumes?: readonly Volume[]
}

/** A server for Docker Compose, on one machine. */
export function composeParts(plan: ServerPlan): readonly Part<ComposeFile>[] {
  const service = serviceOf(plan)
  const path = `services.${plan.name}`
  return [
    {
      data: { name: plan.name, services: { [plan.name]: service } },
      comments: {
        ...(plan.image.includes('@')
          ? {}
          : { [`${path}.image`]: 'Decide: a digest, IMAGE@sha256:…, names one image for ever; a tag can be moved.' }),
        [`${path}.ports`]: portComment(plan),
        ...(service.volumes === undefined
          ? {}
          : { [`${path}.volumes`]: `Folders beside this file, readable for the user ${USER}.` }),
      },
    },
  ]
}

function portComment({ exposure }: ServerPlan): string {
  if (exposure.servesTLS) return 'Decide: the address of the machine that callers know.'
  return 'This machine alone, for a proxy that ends TLS. Decide: without the address everybody reaches it.'
}

function serviceOf(plan: ServerPlan): ComposeService {
  const modelPath = plan.modelImage === undefined ? undefined : MODEL_FOLDER
  const variables = variablesOf(plan, { modelPath, checksAddresses: true })
  const volumes = volumesOf(plan)
  return {
    image: plan.image,
    // A dollar sign would name a variable of the shell.
    environment: Object.fromEntries(variables.map(({ name, value }) => [name, value.replaceAll('$', '$$$$')])),
    ...(plan.secretEnv.length === 0 ? {} : { env_file: plan.secretEnv.map(secret => `${secret}.env`) }),
    ports: [plan.exposure.servesTLS ? `443:${PORT}` : `127.0.0.1:${PORT}:${PORT}`],
    user: `${USER}:${USER}`,
    read_only: true,
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    init: true,
    restart: 'unless-stopped',
    stop_grace_period: `${plan.times.termination}s`,
    healthcheck: healthcheck(plan),
    deploy: { resources: resourcesOf(plan) },
    ...(volumes.length === 0 ? {} : { volumes }),
  }
}

/** Node asks, since the image need not have a shell. */
function healthcheck({ times }: ServerPlan): Readonly<Record<string, unknown>> {
  const script = `fetch('http://127.0.0.1:${PROBES_PORT}/ready').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))`
  return {
    test: ['CMD', 'node', '-e', script],
    interval: '10s',
    timeout: '5s',
    retries: 3,
    start_period: `${times.setup}s`,
    start_interval: '2s',
  }
}

function resourcesOf({ resources }: ServerPlan): object {
  const { cpuLimit, cpuRequest, memoryLimit, gpus } = resources
  const bytes = (quantity: string) => String(Math.floor(parseQuantity(quantity) ?? 0))
  return {
    limits: {
      ...(cpuLimit === undefined ? {} : { cpus: String(parseQuantity(cpuLimit)) }),
      memory: bytes(memoryLimit),
    },
    reservations: {
      cpus: String(parseQuantity(cpuRequest)),
      ...(gpus === 0 ? {} : { devices: [{ driver: 'nvidia', count: gpus, capabilities: ['gpu'] }] }),
    },
  }
}

function volumesOf({ modelImage, exposure, secretFiles }: ServerPlan): readonly Volume[] {
  const bind = (source: string, target: string): Volume => ({
    type: 'bind',
    source: `./${source}`,
    target,
    read_only: true,
  })
  return [
    ...(modelImage === undefined
      ? []
      : [{ type: 'image', source: modelImage, target: MODEL_FOLDER, read_only: true } as const]),
    ...(exposure.servesTLS ? [bind(exposure.tlsSecret ?? 'tls', TLS_FOLDER)] : []),
    ...secretFiles.map(({ secret, folder }) => bind(secret, folder)),
  ]
}
