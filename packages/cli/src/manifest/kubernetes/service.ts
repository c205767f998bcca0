import type { ServerPlan } from '../plan.ts'
import type { LabelSelector } from '../pod.ts'
import type { Part, Resource } from '../resource.ts'
import { MANAGER, metadataOf, selectorOf } from './labels.ts'

/** An account of pods. */
export type ServiceAccount = Resource<'v1', 'ServiceAccount'> & { readonly automountServiceAccountToken: false }

/** A Service, as far as it is used here. */
export type Service = Resource<
  'v1',
  'Service',
  {
    readonly type: 'ClusterIP'
    readonly selector: Readonly<Record<string, string>>
    readonly ports: readonly {
      readonly name: string
      readonly port: number
      readonly targetPort: string
      readonly protocol: 'TCP'
    }[]
  }
>

/** How many pods may go at once when a node is drained. */
export type PodDisruptionBudget = Resource<
  'policy/v1',
  'PodDisruptionBudget',
  { readonly maxUnavailable: number; readonly selector: LabelSelector }
>

/** The namespace, where it is asked for: pods in it are as restricted as ours. */
export function namespaceOf({ namespace, createNamespace }: ServerPlan): readonly Part<Resource<'v1', 'Namespace'>>[] {
  if (namespace === undefined || !createNamespace) return []
  return [
    {
      data: {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: namespace,
          labels: {
            'app.kubernetes.io/managed-by': MANAGER,
            'pod-security.kubernetes.io/enforce': 'restricted',
            'pod-security.kubernetes.io/enforce-version': 'latest',
          },
        },
      },
    },
  ]
}

/** An account without rights, and without a token. */
export function serviceAccountOf(plan: ServerPlan): Part<ServiceAccount> {
  return {
    data: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: metadataOf(plan),
      automountServiceAccountToken: false,
    },
  }
}

/** The port of a Service: that of its protocol. */
export function servicePort({ exposure }: ServerPlan): { readonly name: 'http' | 'https'; readonly port: number } {
  return exposure.servesTLS ? { name: 'https', port: 443 } : { name: 'http', port: 80 }
}

/** What callers connect to. The port of the probes is no part of it. */
export function serviceOf(plan: ServerPlan): Part<Service> {
  const { name, port } = servicePort(plan)
  return {
    data: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadataOf(plan),
      spec: {
        type: 'ClusterIP',
        selector: selectorOf(plan.name),
        ports: [{ name, port, targetPort: name, protocol: 'TCP' }],
      },
    },
    comments: commentsOf(plan),
  }
}

function commentsOf({ exposure }: ServerPlan): Readonly<Record<string, string>> {
  const { visibility, gateway, domains } = exposure
  if (visibility === 'private' || gateway !== undefined || domains.length > 0) return {}
  return { '': 'Callers inside of the cluster. --domain adds an Ingress, and with --gateway an HTTPRoute, for others.' }
}

/** At most one pod goes at a time when a node is drained. */
export function disruptionBudgetOf(plan: ServerPlan): readonly Part<PodDisruptionBudget>[] {
  if (plan.isStopped) return []
  return [
    {
      data: {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: metadataOf(plan),
        spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(plan.name) } },
      },
      ...(plan.scaling.min > 1
        ? {}
        : {
            comments: {
              '': 'Decide: with one pod, a drained node still interrupts the server. --min-pods 2 does not.',
            },
          }),
    },
  ]
}
