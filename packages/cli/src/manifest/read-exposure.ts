import { isIP } from 'node:net'
import { SERVER_OPTIONS } from 'incant/internal/options'
import { StartupError } from 'incant/internal/signature'
import type { Caller, Exposure } from './plan.ts'
import type { ManifestOptions, PassedSetting } from './read-flags.ts'

type Passed = ReadonlyMap<string, PassedSetting>

/**
 * Reads who can reach a server, and where TLS ends.
 *
 * @throws {StartupError} `invalid_option`.
 */
export function readExposure(name: string, options: ManifestOptions, passed: Passed): Exposure {
  const visibility = passed.get('visibility')?.value === 'private' ? 'private' : 'public'
  const callers = options.allowFrom.map(readCaller)
  for (const cidr of options.podNetworks) checkCIDR('--pod-network', cidr)
  const secret = options.tlsSecret === '' && options.issuer !== '' ? `${name}-tls` : options.tlsSecret
  const exposure: Exposure = {
    visibility,
    callers,
    podNetworks: options.podNetworks,
    domains: options.domains.map(checkDomain),
    ...(options.gateway === '' ? {} : { gateway: readGateway(options.gateway) }),
    ...(options.ingressClass === '' ? {} : { ingressClass: options.ingressClass }),
    ...(secret === '' ? {} : { tlsSecret: secret }),
    ...(options.issuer === '' ? {} : { issuer: readIssuer(options.issuer) }),
    servesTLS: secret !== '' && !hasRoute(visibility, options),
    routes: readRoutes(passed),
  }
  checkPrivate(exposure, options, passed)
  return exposure
}

/** In place of what could not be read, until that is reported. */
export const NO_EXPOSURE: Exposure = {
  visibility: 'public',
  callers: [],
  podNetworks: [],
  domains: [],
  servesTLS: false,
  routes: [],
}

/** Paths of a public route. */
function readRoutes(passed: Passed): readonly string[] {
  const given = passed.get('publicRoutes')?.text.split(',')
  return given ?? SERVER_OPTIONS.publicRoutes.default
}

/** TLS of a public server with a route ends where the route begins. */
function hasRoute(visibility: string, { domains, gateway, for: target }: ManifestOptions): boolean {
  if (target === 'knative' || target === 'kserve') return true
  return visibility === 'public' && (domains.length > 0 || gateway !== '') && target === 'kubernetes'
}

function checkPrivate(exposure: Exposure, options: ManifestOptions, passed: Passed): void {
  if (options.for === 'compose' && exposure.callers.some(({ kind }) => kind !== 'addresses'))
    refuse('Compose knows no namespaces and labels', 'Write the addresses of callers: --allow-from 10.20.0.0/16.')
  const isMeshed = options.for === 'knative' || options.for === 'kserve'
  if (exposure.visibility === 'public') {
    if (exposure.callers.length > 0)
      refuse('--allow-from is given for a public server', 'Add --visibility private, or leave it out.')
    return
  }
  if (isMeshed) return
  if (exposure.callers.length === 0)
    refuse(
      'a private server answers nobody unless somebody is named',
      'Say who calls it: --allow-from namespace:shop, or --allow-from 10.20.0.0/16.',
    )
  if (!exposure.servesTLS && passed.get('insecureHttp')?.value !== true)
    refuse(
      'a private server needs a certificate',
      'Name its Secret with --tls-secret, or an issuer of cert-manager with --issuer; --insecure-http does without.',
    )
}

function readCaller(text: string): Caller {
  const [, kind, rest = ''] = /^(namespace|pods):(.+)$/.exec(text) ?? []
  if (kind === 'namespace' && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(rest)) return { kind, name: rest }
  const [, key, value] = /^([A-Za-z0-9][-./\w]*)=([-.\w]*)$/.exec(rest) ?? []
  if (kind === 'pods' && key !== undefined && value !== undefined) return { kind, key, value }
  if (kind === undefined && isCIDR(text))
    return { kind: 'addresses', cidr: text.includes('/') ? text : `${text}/${isIP(text) === 6 ? 128 : 32}` }
  return refuse(
    `--allow-from is "${text}"`,
    'Write addresses as 10.20.0.0/16, a namespace as namespace:shop, pods as pods:app=shop.',
  )
}

function isCIDR(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const most = { 4: 32, 6: 128 }[isIP(address)]
  return most !== undefined && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= most))
}

function checkCIDR(flag: string, text: string): void {
  if (!isCIDR(text)) refuse(`${flag} is "${text}"`, 'Write addresses as 10.20.0.0/16.')
}

function checkDomain(text: string): string {
  if (/^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/.test(text)) return text
  return refuse(`--domain is "${text}"`, 'Write a host name in lowercase: words.example.com.')
}

function readGateway(text: string): { name: string; namespace?: string } {
  const [, namespace, name] = /^(?:([a-z0-9][-a-z0-9]*)\/)?([a-z0-9][-.a-z0-9]*)$/.exec(text) ?? []
  if (name === undefined) return refuse(`--gateway is "${text}"`, 'Write NAME or NAMESPACE/NAME.')
  return namespace === undefined ? { name } : { name, namespace }
}

function readIssuer(text: string): { kind: 'Issuer' | 'ClusterIssuer'; name: string } {
  const [, kind = 'Issuer', name] = /^(?:(Issuer|ClusterIssuer)\/)?([a-z0-9][-.a-z0-9]*)$/.exec(text) ?? []
  if (name === undefined) return refuse(`--issuer is "${text}"`, 'Write NAME or ClusterIssuer/NAME.')
  return { kind: kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer', name }
}

function refuse(found: string, instead: string): never {
  throw new StartupError({ code: 'invalid_option', found, instead })
}
