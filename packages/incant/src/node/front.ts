import { AccessLog } from '../app/access-log/access-log.ts'
import { asksForCertificate, asksForCredentials } from '../auth/policy/asks.ts'
import type { SecretReader } from '../auth/secret-reader.ts'
import { StartupError } from '../errors/startup-error.ts'
import type { Logger } from '../log/logger.ts'
import { OriginList } from '../network/origin-list.ts'
import { readPrivateNetworks } from '../network/private-network.ts'
import type { ResolvedServerSettings } from '../options/server-options.ts'
import type { Door } from './gate/door.ts'
import { Gate } from './gate/gate.ts'
import type { GRPCGate } from './grpc/grpc-gate.ts'
import type { BoundGRPC } from './grpc/open-grpc.ts'
import { isLoopback } from './listening/exposure.ts'
import { listen, urlOf } from './listening/listen.ts'
import { type ListenerPlan, planGRPC, planListeners } from './listening/plan-listeners.ts'
import { type AuthLimits, ServerMetrics } from './metrics/server-metrics.ts'
import { ServedCertificate } from './tls/served-certificate.ts'

/** The sockets of a server, bound, and what they show. */
export interface Front {
  readonly gates: readonly Gate[]
  /** Where calls of gRPC are answered. Undefined: nowhere. */
  readonly grpc: GRPCGate | undefined
  /** Its address, as clients take it: `127.0.0.1:8001`. */
  readonly grpcAddress: string | undefined
  /** All that the server listens with. */
  readonly doors: readonly Door[]
  readonly plans: readonly ListenerPlan[]
  readonly url: string
  readonly privateUrl: string | undefined
  /** Where probes and metrics are answered alone. */
  readonly probesUrl: string | undefined
  readonly pageUrl: string | undefined
  readonly certificate: ServedCertificate | undefined
  /** The metrics and their page. Undefined if metrics are off. */
  readonly metrics: ServerMetrics | undefined
  /**
   * Checks that another predictor may be served here.
   *
   * @throws {StartupError} `invalid_option`, `invalid_tls`, `insecure_http`: it needs other sockets.
   */
  check(predictor: object): void
  /**
   * Settles as `ready` does, once every socket takes connections. One that a service manager has opened takes none before that:
   * connections wait in it, also for the next process where this one does not become ready.
   */
  admit(ready: Promise<void>): Promise<void>
  /** Stops listening, and looking at the files of the certificate. */
  close(): void
}

/** Options of {@link Front}. */
export interface FrontOptions {
  /** The classes that are served. What they say of the network is the same. */
  readonly predictors: readonly object[]
  readonly settings: ResolvedServerSettings
  readonly logger: Logger
  readonly secrets: SecretReader | undefined
  readonly authLimits: AuthLimits
  readonly corsOrigins: readonly string[]
  /** The module next to which packages of the predictor are installed. */
  readonly module?: string | URL | undefined
}

/** A front whose sockets are not bound yet. */
export interface PlannedFront extends Pick<Front, 'plans' | 'certificate' | 'metrics' | 'check' | 'close'> {
  readonly grpcPlan: ListenerPlan | undefined
}

/**
 * Checks the settings of a server's sockets.
 *
 * @throws {StartupError} `invalid_option`, `invalid_tls`, `insecure_http`.
 */
export function planFront(options: FrontOptions): PlannedFront {
  const { predictors, settings, logger } = options
  const [predictor = {}] = predictors
  let certificate: ServedCertificate | undefined
  const certificateNames = () => certificate?.current.names ?? []
  const httpPlans = planListeners(settings, { predictor, certificateNames })
  const grpcPlan = planGRPC(settings, { predictor, certificateNames })
  const plans = grpcPlan === undefined ? httpPlans : [...httpPlans, grpcPlan]
  certificate = readCertificateOf(settings, logger)
  const isSecure = certificate !== undefined
  const check = (served: object) => {
    if (!hasSameNetwork(predictor, served)) throw networkChanged()
    for (const plan of plans) refuseUnsafe(plan, { isSecure, predictor: served, settings })
  }
  try {
    if (!predictors.every(each => hasSameNetwork(predictor, each))) throw mixedNetworks()
    for (const each of predictors) check(each)
    const metrics = openMetrics(options, () => certificate?.current.expires)
    const close = () => {
      certificate?.close()
      metrics?.close()
    }
    return { plans, grpcPlan, certificate, metrics, check, close }
  } catch (error) {
    certificate?.close()
    throw error
  }
}

/** Writes where a server is found beside its own address. */
export function logAddresses({ probesUrl, grpcAddress }: Front, logger: Logger): void {
  if (probesUrl !== undefined) logger.log('info', 'probes and metrics are answered', { url: probesUrl })
  if (grpcAddress !== undefined) logger.log('info', 'gRPC is answered', { address: grpcAddress })
}

/**
 * Checks the settings of a server's sockets, and binds them.
 *
 * @throws {StartupError} As {@link planFront} and {@link listen}.
 */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { settings, logger } = options
  const planned = planFront(options)
  const { plans, grpcPlan, certificate, metrics } = planned
  const gates: Gate[] = []
  let grpc: BoundGRPC | undefined
  const accessLog = new AccessLog(logger, 0)
  const close = () => {
    planned.close()
    for (const gate of gates) gate.server.close()
    grpc?.gate.server.close()
    accessLog.close()
  }
  try {
    const scheme = certificate === undefined ? 'http' : 'https'
    const origins = new OriginList(options.corsOrigins)
    const recorder = metrics?.recorder
    const urls: string[] = []
    const waiting: (() => Promise<unknown>)[] = []
    let probesUrl: string | undefined
    for (const plan of plans.filter(each => each !== grpcPlan)) {
      const isPlain = plan.visibility === 'probes'
      const gate = new Gate({
        ...{ settings, logger, accessLog, plan, recorder, origins },
        certificate: isPlain ? undefined : certificate,
      })
      const begin = () => listen(gate.server, plan, isPlain ? 'http' : scheme)
      const bound = plan.fd === undefined ? await begin() : urlOf(plan, scheme)
      if (plan.fd !== undefined) waiting.push(async () => (gate.closing ? undefined : begin()))
      if (isPlain) probesUrl = bound
      else urls.push(bound)
      gates.push(gate)
    }
    const [url = '', privateUrl] = urls
    // The first listener is the one at `url`. A browser opens no unix socket.
    const pageUrl = plans[0]?.page === 'none' || !url.startsWith('http') ? undefined : `${url}/`
    if (grpcPlan !== undefined) {
      // Its modules are loaded by a server that is asked for it.
      const { openGRPC } = await import('./grpc/open-grpc.ts')
      grpc = await openGRPC({ plan: grpcPlan, settings, logger, certificate, module: options.module })
    }
    const doors = grpc === undefined ? gates : [...gates, grpc.gate]
    const admit = async (ready: Promise<void>) => {
      await ready
      for (const begin of waiting) await begin()
    }
    return {
      ...{ ...planned, gates, grpc: grpc?.gate, doors },
      ...{ url, privateUrl, probesUrl, pageUrl, grpcAddress: grpc?.address, admit, close },
    }
  } catch (error) {
    close()
    throw error
  }
}

function openMetrics(
  { settings, logger, secrets, authLimits }: FrontOptions,
  certificateExpires: () => Date | undefined,
): ServerMetrics | undefined {
  const { metrics, metricsAuth } = settings
  if (metrics === 'off') return undefined
  return new ServerMetrics({ metricsAuth, logger, secrets, certificateExpires, ...authLimits })
}

function readCertificateOf(settings: ResolvedServerSettings, logger: Logger): ServedCertificate | undefined {
  const { tlsCert: cert, tlsKey: key, clientCa } = settings
  if (cert !== '' && key !== '') {
    return new ServedCertificate({ cert, key, clientCa: clientCa === '' ? undefined : clientCa }, logger)
  }
  if (cert === '' && key === '' && clientCa === '') return undefined
  const given = [cert && '--tls-cert', key && '--tls-key', clientCa && '--client-ca'].filter(flag => flag !== '')
  throw new StartupError({
    code: 'invalid_tls',
    found: `${given.join(' and ')} ${given.length > 1 ? 'are' : 'is'} given without the others`,
    instead: 'TLS needs a certificate and its key: --tls-cert cert.pem --tls-key key.pem.',
  })
}

interface Circumstances {
  readonly isSecure: boolean
  readonly predictor: object
  readonly settings: ResolvedServerSettings
}

function refuseUnsafe(plan: ListenerPlan, { isSecure, predictor, settings }: Circumstances): void {
  if (asksForCertificate(predictor) && settings.clientCa === '') throw noIssuers()
  if (isSecure || settings.insecureHttp || plan.visibility === 'probes') return
  if (plan.visibility === 'private') throw privateWithoutTLS()
  if (isLoopback(plan.host) || plan.network.trustedProxies.blocks.length > 0) return
  if (asksForCredentials(predictor) || settings.metricsAuth !== '') throw credentialsWithoutTLS(plan.host)
}

/** Compares the network policies of decorators, which are fixed once the sockets are bound. */
function hasSameNetwork(one: object, other: object): boolean {
  return JSON.stringify(readPrivateNetworks(one)) === JSON.stringify(readPrivateNetworks(other))
}

function mixedNetworks(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'the models of this server have different @privateNetwork decorators, and share its sockets',
    instead: 'Give all of them the same decorator, or serve them in two servers.',
  })
}

function networkChanged(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: '@privateNetwork has changed since the server started',
    instead: 'Restart the server.',
  })
}

function noIssuers(): StartupError {
  return new StartupError({
    code: 'invalid_tls',
    found: '@mutualTlsAuth requires client certificates, but no certificate authority is set',
    instead: 'Set the certificate authority: --client-ca ca.pem.',
  })
}

function privateWithoutTLS(): StartupError {
  return new StartupError({
    code: 'insecure_http',
    found: 'a private server needs a certificate and its key',
    instead:
      'Add --tls-cert cert.pem --tls-key key.pem (incant cert dev creates a pair for development), or --insecure-http for tests.',
  })
}

function credentialsWithoutTLS(host: string): StartupError {
  return new StartupError({
    code: 'insecure_http',
    found: `callers would send their credentials to ${host} over plain HTTP`,
    instead:
      'Add --tls-cert cert.pem --tls-key key.pem, name the proxy that terminates TLS with --trusted-proxy, or accept the risk with --insecure-http.',
  })
}
