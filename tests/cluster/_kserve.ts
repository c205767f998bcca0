import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { parse } from 'yaml'
import { makeIssuer, type Pair } from '../../packages/incant/test/node/tls/_certificates.ts'
import { kubectl, run } from './_cluster.ts'
import { IMAGES } from './_images.ts'

const NAMESPACE = 'kserve'
const MANAGER = 'kserve-controller-manager'
const WEBHOOKS = 'kserve-webhook-server-service.kserve.svc'

/** Of a document of the release, what is changed here. */
interface Document {
  readonly kind: string
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } }
  readonly webhooks: readonly { readonly clientConfig: object }[]
}

interface Container {
  readonly name: string
  readonly args: readonly string[]
  readonly readinessProbe: object
}

/**
 * Installs what a release of KServe installs, and waits until its webhooks answer. Left out: its controllers for language models and for
 * caches on nodes, and cert-manager, in whose place a certificate is made.
 */
export async function installKServe(): Promise<void> {
  const authority = await makeIssuer()
  const certificate = await authority.issue({ names: [WEBHOOKS] })
  await apply([...readRelease().map(text => adapt(text, authority)), secretOf(certificate)])
  await kubectl('rollout', 'status', `deployment/${MANAGER}`, '--namespace', NAMESPACE, '--timeout=120s')
}

/** Ends it again, so that the tests of other files have the processors for themselves. */
export async function stopKServe(): Promise<void> {
  await kubectl('delete', 'mutatingwebhookconfigurations,validatingwebhookconfigurations', '--all')
  await kubectl('delete', 'deployment', MANAGER, '--namespace', NAMESPACE)
}

/** The documents of the release, as text. */
function readRelease(): readonly string[] {
  const release = readFileSync(join(inject('node').folder, 'bin/kserve.yaml'), 'utf8')
  return release.split(/^---\n/m).filter(text => {
    const [, name = ''] = /^metadata:\n(?: .*\n)*? {2}name: (.*)$/m.exec(text) ?? []
    return !/^(Certificate|Issuer|LLMInferenceServiceConfig)$/.test(kindOf(text)) && !/^llm|localmodel|x-k8s/.test(name)
  })
}

function kindOf(text: string): string {
  return /^kind: (.*)$/m.exec(text)?.[1] ?? ''
}

function adapt(text: string, { cert }: Pair): string {
  // Definitions are megabytes in which there is nothing to change.
  if (!/^Deployment$|WebhookConfiguration$/.test(kindOf(text))) return text
  // The release has these members in documents of these kinds.
  const document = parse(text) as Document
  if (document.kind === 'Deployment') return JSON.stringify(withOwnImage(document))
  const caBundle = Buffer.from(cert).toString('base64')
  const webhooks = document.webhooks.map(hook => ({ ...hook, clientConfig: { ...hook.clientConfig, caBundle } }))
  return JSON.stringify({ ...document, webhooks })
}

/** The controller that was built here, without the proxy of its metrics, and as fast as the machine is. */
function withOwnImage({ spec, ...document }: Document): object {
  const { template } = spec
  const containers = template.spec.containers
    .filter(({ name }) => name === 'manager')
    .map(({ args, readinessProbe, ...container }) => ({
      ...container,
      // There is one, which would wait for the one before it to be missed.
      args: args.filter(word => word !== '--leader-elect'),
      image: IMAGES.kserve,
      imagePullPolicy: 'IfNotPresent',
      resources: {},
      readinessProbe: { ...readinessProbe, initialDelaySeconds: 0, periodSeconds: 1, failureThreshold: 60 },
    }))
  return { ...document, spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } } }
}

function secretOf({ cert, key }: Pair): string {
  const metadata = { name: 'kserve-webhook-server-cert', namespace: NAMESPACE }
  return JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { 'tls.crt': cert, 'tls.key': key } })
}

async function apply(documents: readonly string[]): Promise<void> {
  const { code, stderr } = await run(
    'kubectl',
    ['apply', '--server-side', '--filename', '-'],
    documents.join('\n---\n'),
  )
  if (code !== 0) throw new Error(stderr)
}
