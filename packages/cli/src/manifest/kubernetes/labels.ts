import type { ServerPlan } from '../plan.ts'
import type { Metadata } from '../resource.ts'

/** Who writes the objects: how the verbs of `incant server` find them. */
export const MANAGER = 'incant'

/** The labels that pods are selected by. They cannot change while a Deployment exists. */
export function selectorOf(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': name }
}

/** The metadata of an object of a server. */
export function metadataOf(plan: ServerPlan): Metadata {
  return {
    name: plan.name,
    ...(plan.namespace === undefined ? {} : { namespace: plan.namespace }),
    labels: { ...selectorOf(plan.name), 'app.kubernetes.io/managed-by': MANAGER },
  }
}
