import { APP_OPTIONS, SERVER_OPTIONS } from 'incant/internal/options'
import { Problems, StartupError } from 'incant/internal/signature'
import type { FlagValues } from '../arguments/parse.ts'
import type { Resources, Scaling, ServerPlan, Times } from './plan.ts'
import { parseQuantity } from './quantity.ts'
import { readEnv, readSecretFiles } from './read-environment.ts'
import { NO_EXPOSURE, readExposure } from './read-exposure.ts'
import { type ManifestOptions, type PassedSetting, readManifestOptions, readPassedSettings } from './read-flags.ts'

type Passed = ReadonlyMap<string, PassedSetting>

/** What a plan needs beside flags. */
export interface PlanOptions {
  /** Whether no pods are to run. */
  readonly isStopped?: boolean
}

/** Labels of DNS, as most names of a cluster are. A Service has at most 63 letters. */
const NAME = /^[a-z]([-a-z0-9]{0,51}[a-z0-9])?$/

/**
 * Reads flags to the plan of a server.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`, with everything that is wrong.
 */
export function readPlan(name: string, flags: FlagValues, { isStopped = false }: PlanOptions = {}): ServerPlan {
  const problems = new Problems()
  const options = readManifestOptions(flags, problems)
  const passed = readPassedSettings(flags, problems)
  const check = (read: () => void) => problems.try(read, undefined)
  check(() => checkName(name))
  check(() => checkImage(options))
  const scaling = problems.try(() => readScaling(options), { min: 1, max: 1, prometheus: '' })
  const resources = problems.try(() => readResources(options), NO_RESOURCES)
  const exposure = problems.try(() => readExposure(name, options, passed), NO_EXPOSURE)
  const workers = readWorkers(passed, resources)
  const env = problems.try(() => readEnv(options.env), {})
  const secretFiles = problems.try(() => readSecretFiles(options.secretFiles), [])
  return problems.finish(() => ({
    name,
    target: options.for,
    image: options.image,
    ...given('namespace', options.namespace),
    createNamespace: options.createNamespace,
    ...given('pullSecret', options.pullSecret),
    ...given('modelImage', options.modelImage),
    scaling,
    podMonitor: options.podMonitor,
    resources,
    strategy: options.strategy,
    exposure,
    times: readTimes(passed),
    concurrency: Math.max(1, workers) * numberOf(passed, 'concurrency', APP_OPTIONS.concurrency.default),
    workers,
    settings: Object.fromEntries([...passed].filter(([key]) => !READ_HERE.has(key)).map(toVariable)),
    env,
    secretEnv: options.secretEnv,
    secretFiles,
    isStopped,
  }))
}

/** Settings that the plan has members of. */
const READ_HERE: ReadonlySet<string> = new Set(['workers', 'visibility', 'publicRoutes', 'insecureHttp'])

function toVariable([, { variable, text }]: readonly [string, PassedSetting]): [string, string] {
  return [variable, text]
}

/** In place of what could not be read, until that is reported. */
const NO_RESOURCES: Resources = { cpuRequest: '1', memoryRequest: '1Gi', memoryLimit: '1Gi', gpus: 0 }

function given<Key extends string>(key: Key, text: string): Partial<Record<Key, string>> {
  // The only member is the one that is named.
  return text === '' ? {} : ({ [key]: text } as Record<Key, string>)
}

function checkName(name: string): void {
  if (NAME.test(name)) return
  throw new StartupError({
    code: 'invalid_option',
    found: `"${name}" is no name for a server`,
    instead: 'Use at most 53 lowercase letters, digits and hyphens, beginning with a letter: language-id.',
  })
}

function checkImage({ image }: ManifestOptions): void {
  if (image !== '' && !/\s/.test(image)) return
  throw new StartupError({
    code: 'missing_argument',
    found: image === '' ? 'no image was given' : '--image has a space',
    instead: 'Name the image of the server: --image registry.example/words:1',
  })
}

function readScaling(options: ManifestOptions): Scaling {
  const { minPods: min, prometheus } = options
  const max = options.maxPods === 0 ? Math.max(min, 1) : options.maxPods
  if (max < min) return refuse(`--max-pods ${max} is less than --min-pods ${min}`, 'Give both in order.')
  if (min === 0) refuseZero(options)
  const targets = {
    ...(options.targetCpuUtilization > 0 ? { cpuUtilization: options.targetCpuUtilization } : {}),
    ...(options.targetRequestsPerSecond > 0 ? { requestsPerSecond: options.targetRequestsPerSecond } : {}),
    ...(options.targetCalls > 0 ? { calls: options.targetCalls } : {}),
  }
  if (max === min && Object.keys(targets).length > 0)
    return refuse('a target is given, and nothing can scale', 'Give --max-pods, too: more than --min-pods.')
  const byCPU = options.for === 'kubernetes' || (options.for === 'kserve' && min > 0)
  const scales = max > min && byCPU && Object.keys(targets).length === 0
  return { min, max, ...(scales ? { cpuUtilization: 70 } : targets), prometheus }
}

function refuseZero(options: ManifestOptions): void {
  const { for: target, targetCpuUtilization, targetCalls, targetRequestsPerSecond } = options
  if (target === 'kserve' && targetCpuUtilization > 0 && targetCalls === 0 && targetRequestsPerSecond === 0)
    refuse('--min-pods is 0 with --target-cpu-utilization', 'KServe starts the first pod by calls: --target-calls 8.')
  if (target === 'knative' || target === 'kserve') return
  refuse('--min-pods is 0', 'Only Knative and KServe start a pod when a call comes: --for knative. Or stop the server.')
}

function readResources(options: ManifestOptions): Resources {
  const quantities = ['cpuRequest', 'cpuLimit', 'ramRequest', 'ramLimit'] as const
  const wrong = quantities.find(name => options[name] !== '' && parseQuantity(options[name]) === undefined)
  if (wrong !== undefined)
    refuse(
      `--${wrong.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)} is "${options[wrong]}"`,
      'Write processors as 500m or 2, and memory as 512Mi or 4Gi.',
    )
  return {
    cpuRequest: options.cpuRequest,
    ...(options.cpuLimit === '' ? {} : { cpuLimit: options.cpuLimit }),
    memoryRequest: options.ramRequest,
    memoryLimit: options.ramLimit === '' ? options.ramRequest : options.ramLimit,
    gpus: options.gpuLimit,
  }
}

/** Never `auto`, which in a pod without a limit counts the processors of the node. */
function readWorkers(passed: Passed, resources: Resources): number {
  const workers = numberOf(passed, 'workers', -1)
  if (workers >= 0) return workers
  return resources.gpus > 0 ? resources.gpus : Math.max(1, Math.floor(parseQuantity(resources.cpuRequest) ?? 1))
}

/** What follows the last response: its connections are closed, and the process ends. */
const CLOSE = 10_000

function readTimes(passed: Passed): Times {
  const { drainDelay, gracePeriod, bodyTimeout } = SERVER_OPTIONS
  const { setupTimeout, requestTimeout } = APP_OPTIONS
  const time = (name: string, fallback: number) => numberOf(passed, name, fallback)
  const stop = time('drainDelay', drainDelay.default) + time('gracePeriod', gracePeriod.default) + CLOSE
  const exchange = time('requestTimeout', requestTimeout.default) + time('bodyTimeout', bodyTimeout.default)
  return {
    termination: seconds(stop),
    setup: seconds(time('setupTimeout', setupTimeout.default)),
    exchange: seconds(exchange),
  }
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000)
}

function numberOf(passed: Passed, name: string, fallback: number): number {
  const value = passed.get(name)?.value
  return typeof value === 'number' ? value : fallback
}

function refuse(found: string, instead: string): never {
  throw new StartupError({ code: 'invalid_option', found, instead })
}
