import { StartupError } from '../../errors/startup-error.ts'
import { NetworkPolicy, type PrivateRules } from '../../network/network-policy.ts'
import { readPrivateNetworks } from '../../network/private-network.ts'
import { ServedNames } from '../../network/served-names.ts'
import type { ResolvedServerSettings } from '../../options/server-options.ts'
import { isLoopback } from './exposure.ts'
import { takeInheritedSocket } from './inherited-socket.ts'
import type { ListenAddress } from './listen.ts'
import { type InsiderAccess, type MetricsAccess, planMetrics, planPage, planProbesMetrics } from './metrics-access.ts'

/** An address to listen on, and the callers that are answered there. */
export interface ListenerPlan extends ListenAddress {
  /** `probes`: everybody is answered, at the paths of probes and metrics alone, over plain HTTP. */
  readonly visibility: 'public' | 'private' | 'probes'
  readonly network: NetworkPolicy
  /** The paths that are answered. Undefined: all. */
  readonly routes: ReadonlySet<string> | undefined
  /** Whether callers need a certificate of `clientCa`. */
  readonly isMutual: boolean
  /** Access to `/metrics` there. */
  readonly metrics: MetricsAccess
  /** Decides which callers see the page to try the predictor. */
  readonly page: InsiderAccess
}

/** The facts that a plan needs, besides the settings. */
interface PlanHost {
  readonly predictor: object
  certificateNames(): readonly string[]
}

/**
 * Where a server listens: at `host` and `port`, and, where `public` or `private` name another address, there too.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function planListeners(settings: ResolvedServerSettings, host: PlanHost): readonly ListenerPlan[] {
  const probes = readAddress('probesListen', settings.probesListen)
  return [...planServer(settings, host), ...(probes === undefined ? [] : [planProbes(probes, settings)])]
}

/**
 * Where calls of gRPC are answered. It is no second door: where a server has something private, that is private as well.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function planGRPC(settings: ResolvedServerSettings, host: PlanHost): ListenerPlan | undefined {
  const address = readAddress('grpcListen', settings.grpcListen)
  if (address === undefined) return undefined
  const { visibility, public: publicAddress, private: privateAddress } = settings
  const isPrivate = visibility === 'private' || publicAddress !== '' || privateAddress !== ''
  const plan =
    isPrivate || readPrivateNetworks(host.predictor).length > 0
      ? planPrivate(address, settings, host)
      : planPublic(address, settings, { ...host, isBesidePrivate: false })
  return { ...plan, metrics: 'none', page: 'none' }
}

function planServer(settings: ResolvedServerSettings, host: PlanHost): readonly ListenerPlan[] {
  const main = readMain(settings)
  const publicAddress = readAddress('public', settings.public)
  const privateAddress = readAddress('private', settings.private)
  const isPrivate = settings.visibility === 'private' || readPrivateNetworks(host.predictor).length > 0
  if (publicAddress === undefined && privateAddress === undefined) {
    if (!isPrivate) refuseUnused(settings)
    return [
      isPrivate ? planPrivate(main, settings, host) : planPublic(main, settings, { ...host, isBesidePrivate: false }),
    ]
  }
  refusePublic(publicAddress === undefined ? undefined : 'public', host.predictor)
  if (isPrivate && publicAddress === undefined) throw twicePrivate()
  return [
    planPublic(publicAddress ?? main, settings, { ...host, isBesidePrivate: true }),
    planPrivate(privateAddress ?? main, settings, host),
  ]
}

/** The routes of orchestrators and collectors of metrics. */
const PROBE_ROUTES: ReadonlySet<string> = new Set(['/livez', '/ready', '/metrics'])

/** Access is up to the network: a kubelet comes from the node, and has neither certificate nor token. */
function planProbes(address: ListenAddress, settings: ResolvedServerSettings): ListenerPlan {
  const certificateNames = () => []
  const names = isLoopback(address.host)
    ? new ServedNames({ hosts: settings.allowedHosts, certificateNames })
    : undefined
  const { forwardingHeader } = settings
  const rules = { privateRules: [], trustedProxies: [], forwardingHeader, certificateNames, names }
  const metrics = planProbesMetrics(settings)
  const network = new NetworkPolicy(rules)
  return { ...address, visibility: 'probes', network, metrics, page: 'none', routes: PROBE_ROUTES, isMutual: false }
}

function planPublic(
  address: ListenAddress,
  settings: ResolvedServerSettings,
  { certificateNames, isBesidePrivate }: PlanHost & { readonly isBesidePrivate: boolean },
): ListenerPlan {
  const { trustedProxies } = settings
  const { forwardingHeader } = settings
  const visibility = 'public'
  // Names of the private listener beside it do not apply here.
  // No browser connects to a unix socket.
  const isLocal = isLoopback(address.host) && address.path === undefined
  const isNamed = isLocal || (settings.allowedHosts.length > 0 && !isBesidePrivate)
  const names = isNamed ? new ServedNames({ hosts: settings.allowedHosts, certificateNames }) : undefined
  const network = new NetworkPolicy({ privateRules: [], trustedProxies, forwardingHeader, certificateNames, names })
  const measured = { visibility, network, host: address.host } as const
  return {
    ...address,
    visibility,
    network,
    metrics: planMetrics(settings, measured),
    page: planPage(settings, measured),
    routes: isBesidePrivate ? new Set(settings.publicRoutes) : undefined,
    isMutual: settings.clientCa !== '' && !isBesidePrivate,
  }
}

/** `listen` and sockets from a service manager take precedence over host and port. */
function readMain({ host, port, listen }: ResolvedServerSettings): ListenAddress {
  const path = /^unix:(.+)$/.exec(listen)?.[1]
  if (path !== undefined) return { host: 'localhost', port: 0, path }
  return readAddress('listen', listen) ?? takeInheritedSocket(process.env) ?? { host, port }
}

function planPrivate(address: ListenAddress, settings: ResolvedServerSettings, host: PlanHost): ListenerPlan {
  if (address.path !== undefined) throw withoutAddresses(address.path)
  const decorators = readPrivateNetworks(host.predictor)
  const privateRules: readonly PrivateRules[] = [
    ...decorators.map(({ allow, allowedHosts: hosts = [] }) => ({ origin: '@privateNetwork', allow, hosts })),
    // Options that name no addresses still have a say on the names.
    ...rulesOfSettings(settings, decorators.length === 0),
  ]
  const network = new NetworkPolicy({
    privateRules,
    trustedProxies: [...settings.trustedProxies, ...decorators.flatMap(({ trustedProxies = [] }) => trustedProxies)],
    forwardingHeader: settings.forwardingHeader,
    certificateNames: host.certificateNames,
  })
  const visibility = 'private'
  const measured = { visibility, network, host: address.host } as const
  return {
    ...address,
    visibility,
    network,
    metrics: planMetrics(settings, measured),
    page: planPage(settings, measured),
    routes: undefined,
    isMutual: settings.clientCa !== '',
  }
}

function rulesOfSettings(
  { allow, allowedHosts: hosts }: ResolvedServerSettings,
  isAlone: boolean,
): readonly PrivateRules[] {
  if (allow.length === 0 && isAlone) throw nobodyAllowed()
  if (allow.length === 0 && hosts.length === 0) return []
  return [{ origin: 'allow', allow: allow.length === 0 ? EVERYBODY : allow, hosts }]
}

const EVERYBODY: readonly string[] = ['0.0.0.0/0', '::/0']

/** `10.0.0.5:8443`, `[fd00::5]:8443`. */
function readAddress(
  name: 'public' | 'private' | 'probesListen' | 'grpcListen' | 'listen',
  text: string,
): ListenAddress | undefined {
  if (text === '') return undefined
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.%]+)\]|([^[\]:]+)):(\d{1,5})$/i.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host !== undefined && port <= 65_535) return { host, port }
  throw new StartupError({
    code: 'invalid_option',
    found: `the option "${name}" is ${JSON.stringify(text)}`,
    instead: 'Use a host and a port, such as 10.0.0.5:8443 or [fd00::5]:8443.',
  })
}

function withoutAddresses(path: string): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: `the server is private and listens at ${path}, where callers have no address`,
    instead: 'The permissions of the folder control access: leave out --visibility private and --allow.',
  })
}

function nobodyAllowed(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'the server is private, but no address is allowed',
    instead: 'Name the addresses that may call: --allow 10.0.0.0/8.',
  })
}

/** A list of allowed callers suggests that others are refused. */
function refuseUnused({ allow }: ResolvedServerSettings): void {
  if (allow.length === 0) return
  throw new StartupError({
    code: 'invalid_option',
    found: '--allow is given, but the server is public',
    instead: 'Add --visibility private, or remove --allow.',
  })
}

function twicePrivate(): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: 'the server is private, and --private names a second private address',
    instead: 'Use --public HOST:PORT for a public one, or remove --private.',
  })
}

function refusePublic(name: 'public' | undefined, predictor: object): void {
  if (name === undefined || readPrivateNetworks(predictor).length === 0) return
  throw new StartupError({
    code: 'invalid_option',
    found: 'the predictor has @privateNetwork, but --public names a public address',
    instead: 'Remove --public, or replace the decorator with --private and --allow.',
  })
}
