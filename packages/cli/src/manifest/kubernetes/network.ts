import type { Caller, ServerPlan } from '../plan.ts'
import type { LabelSelector } from '../pod.ts'
import type { Part, Resource } from '../resource.ts'
import { hostNames, PORT, PROBES_PORT } from '../variables.ts'
import { metadataOf, selectorOf } from './labels.ts'
import { servicePort } from './service.ts'

/** An HTTPRoute of the Gateway API, as far as it is used here. */
export type HTTPRoute = Resource<
  'gateway.networking.k8s.io/v1',
  'HTTPRoute',
  {
    readonly parentRefs: readonly { readonly name: string; readonly namespace?: string }[]
    readonly hostnames?: readonly string[]
    readonly rules: readonly {
      readonly matches: readonly { readonly path: { readonly type: 'Exact'; readonly value: string } }[]
      readonly backendRefs: readonly { readonly name: string; readonly port: number }[]
      readonly timeouts: { readonly request: string }
    }[]
  }
>

/** An Ingress, as far as it is used here. */
export type Ingress = Resource<
  'networking.k8s.io/v1',
  'Ingress',
  {
    readonly ingressClassName?: string
    readonly tls?: readonly { readonly hosts: readonly string[]; readonly secretName: string }[]
    readonly rules: readonly {
      readonly host: string
      readonly http: {
        readonly paths: readonly {
          readonly path: string
          readonly pathType: 'Exact'
          readonly backend: { readonly service: { readonly name: string; readonly port: { readonly name: string } } }
        }[]
      }
    }[]
  }
>

type Peer =
  | { readonly ipBlock: { readonly cidr: string } }
  | { readonly podSelector: LabelSelector }
  | { readonly namespaceSelector: Partial<LabelSelector> }

/** Who may open connections to which ports. */
export type NetworkPolicy = Resource<
  'networking.k8s.io/v1',
  'NetworkPolicy',
  {
    readonly podSelector: LabelSelector
    readonly policyTypes: readonly ['Ingress']
    readonly ingress: readonly {
      readonly from: readonly Peer[]
      readonly ports: readonly { readonly port: number; readonly protocol: 'TCP' }[]
    }[]
  }
>

/** A Certificate of cert-manager, as far as it is used here. */
export type Certificate = Resource<
  'cert-manager.io/v1',
  'Certificate',
  {
    readonly secretName: string
    readonly dnsNames: readonly string[]
    readonly issuerRef: { readonly kind: string; readonly name: string }
    readonly privateKey: { readonly algorithm: string; readonly size: number; readonly rotationPolicy: string }
  }
>

/** Who may open a connection to a private server. */
export function networkPolicyOf(plan: ServerPlan): readonly Part<NetworkPolicy>[] {
  if (plan.exposure.visibility === 'public') return []
  return [
    {
      data: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: metadataOf(plan),
        spec: {
          podSelector: { matchLabels: selectorOf(plan.name) },
          policyTypes: ['Ingress'],
          ingress: [
            { from: plan.exposure.callers.map(toPeer), ports: [{ port: PORT, protocol: 'TCP' }] },
            { from: [{ namespaceSelector: {} }], ports: [{ port: PROBES_PORT, protocol: 'TCP' }] },
          ],
        },
      },
      comments: {
        '': 'Decide: has the cluster a network plugin that enforces policies? The server refuses others by their address, too.',
        'spec.ingress.1': 'Metrics and probes. Decide: the namespace of Prometheus alone is enough.',
      },
    },
  ]
}

function toPeer(caller: Caller): Peer {
  if (caller.kind === 'addresses') return { ipBlock: { cidr: caller.cidr } }
  if (caller.kind === 'pods') return { podSelector: { matchLabels: { [caller.key]: caller.value } } }
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': caller.name } } }
}

/** How callers from outside reach a public server: a route of a Gateway, else an Ingress. */
export function routeOf(plan: ServerPlan): readonly Part[] {
  const { visibility, gateway, domains } = plan.exposure
  if (visibility === 'private') return []
  if (gateway !== undefined) return [httpRoute(plan)]
  return domains.length > 0 ? [ingress(plan)] : []
}

const TRUST =
  'Decide: with --trusted-proxy and the addresses of the proxy, the limits of an address are those of callers.'

function httpRoute(plan: ServerPlan): Part<HTTPRoute> {
  const { gateway = { name: '' }, domains, routes } = plan.exposure
  return {
    data: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: metadataOf(plan),
      spec: {
        parentRefs: [gateway],
        ...(domains.length === 0 ? {} : { hostnames: domains }),
        rules: [
          {
            matches: routes.map(value => ({ path: { type: 'Exact', value } })),
            backendRefs: [{ name: plan.name, port: servicePort(plan).port }],
            timeouts: { request: `${plan.times.exchange}s` },
          },
        ],
      },
    },
    comments: {
      'spec.parentRefs': `The certificate belongs to a listener of the Gateway. ${TRUST}`,
      'spec.rules.0.timeouts':
        'The time for a body and for a call: a proxy that gives up first would answer for the server.',
    },
  }
}

function ingress(plan: ServerPlan): Part<Ingress> {
  const { domains, ingressClass, tlsSecret, routes } = plan.exposure
  const backend = { service: { name: plan.name, port: { name: servicePort(plan).name } } }
  const paths = routes.map(path => ({ path, pathType: 'Exact', backend }) as const)
  return {
    data: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: metadataOf(plan),
      spec: {
        ...(ingressClass === undefined ? {} : { ingressClassName: ingressClass }),
        ...(tlsSecret === undefined ? {} : { tls: [{ hosts: [...domains], secretName: tlsSecret }] }),
        rules: domains.map(host => ({ host, http: { paths } })),
      },
    },
    comments: {
      '': `Decide: the size of bodies and the time limits are annotations of your controller. ${TRUST}`,
      ...(tlsSecret === undefined
        ? { 'spec.rules': 'Decide: without tls credentials travel in plain text. --tls-secret or --issuer adds it.' }
        : {}),
    },
  }
}

/** What cert-manager signs and renews. The server reads the files of its Secret anew when they change. */
export function certificateOf(plan: ServerPlan): readonly Part<Certificate>[] {
  const { issuer, tlsSecret, visibility, domains, servesTLS } = plan.exposure
  if (issuer === undefined || tlsSecret === undefined) return []
  const dnsNames = visibility === 'private' || servesTLS ? hostNames(plan) : domains
  if (dnsNames.length === 0) return []
  return [
    {
      data: {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: metadataOf(plan),
        spec: {
          secretName: tlsSecret,
          dnsNames,
          issuerRef: issuer,
          privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        },
      },
      ...(plan.namespace === undefined && servesTLS
        ? { comments: { 'spec.dnsNames': 'Decide: with --namespace the longer names of the Service are here, too.' } }
        : {}),
    },
  ]
}
