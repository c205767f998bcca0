import { type Kubectl, refuse } from '../kubectl/kubectl.ts'
import { FLAGS_ANNOTATION } from '../manifest/kubernetes/deployment.ts'
import { MANAGER } from '../manifest/kubernetes/labels.ts'
import { readPlan } from '../manifest/read-plan.ts'
import type { Deployment, Resource } from '../manifest/resource.ts'
import { partsOf } from '../manifest/write-manifest.ts'
import { type Deployed, writeFlags } from './flags.ts'

/**
 * The objects of a server, its flags kept in the Deployment.
 *
 * @throws {StartupError} `invalid_option`, `missing_argument`.
 */
export function objectsOf(name: string, deployed: Deployed): readonly Resource[] {
  const parts = partsOf(readPlan(name, deployed.flags, deployed))
  // A cluster has no document without a kind: those are of Compose, which is refused before.
  const objects = parts.map(({ data }) => data as Resource)
  return objects.map(object => (isDeployment(object) ? withFlags(object, deployed) : object))
}

function isDeployment(object: Resource): object is Deployment {
  return object.kind === 'Deployment'
}

function withFlags(object: Deployment, deployed: Deployed): Resource {
  return { ...object, metadata: { ...object.metadata, annotations: { [FLAGS_ANNOTATION]: writeFlags(deployed) } } }
}

/** What of one state of a server is not in the next one. */
export function leftOver(before: readonly Resource[], after: readonly Resource[]): readonly Resource[] {
  const kept = new Set(after.map(keyOf))
  return before.filter(object => !kept.has(keyOf(object)) && object.kind !== 'Namespace')
}

function keyOf({ kind, metadata }: Resource): string {
  return `${kind} ${metadata.namespace ?? ''} ${metadata.name}`
}

/**
 * Applies objects server-side, in the name of `incant`: members that others own are refused, not overwritten. The number of
 * pods is an exception, since whoever stopped, started or scaled the server last owns it.
 *
 * @throws {StartupError} `cluster_failed`.
 */
export async function applyObjects(kubectl: Kubectl, objects: readonly Resource[]): Promise<void> {
  const input = listOf(objects)
  const words = ['apply', '--server-side', '--field-manager', MANAGER, '--validate=strict', '--filename', '-']
  const { code, stderr } = await kubectl.run(words, input)
  if (code === 0) return
  if (!isAboutReplicas(stderr)) refuse(stderr)
  await kubectl.text([...words, '--force-conflicts'], input)
}

/** `- .spec.replicas` is all that the message lists. */
function isAboutReplicas(stderr: string): boolean {
  const fields = [...stderr.matchAll(/^- (\S+)$/gm)].map(([, field]) => field)
  const named = [...stderr.matchAll(/conflict with "[^"]*"[^:\n]*: (\.\S+)$/gm)].map(([, field]) => field)
  const all = [...fields, ...named]
  return /conflict/.test(stderr) && all.length > 0 && all.every(field => field === '.spec.replicas')
}

/**
 * Deletes objects, and waits until they are gone.
 *
 * @throws {StartupError} `cluster_failed`.
 */
export async function deleteObjects(kubectl: Kubectl, objects: readonly Resource[]): Promise<void> {
  if (objects.length === 0) return
  await kubectl.text(['delete', '--ignore-not-found', '--wait=true', '--filename', '-'], listOf(objects))
}

/**
 * Leaves the number of pods as it is when the next apply says nothing of it, which would otherwise set it to one.
 *
 * @throws {StartupError} `cluster_failed`.
 */
export async function keepReplicas(kubectl: Kubectl, name: string, replicas: number): Promise<void> {
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { replicas } }
  const words = ['apply', '--server-side', '--force-conflicts', '--field-manager', `${MANAGER}-replicas`]
  await kubectl.text([...words, '--validate=ignore', '--filename', '-'], JSON.stringify(object))
}

function listOf(objects: readonly Resource[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
}
