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
  readonly readinessProbe: object
}

/**
 * Installs what a release of KServe installs, and waits until its webhooks answer. It stays in the cluster, so that a second call finds
 * it there. Left out: its controllers for language models and for caches on nodes, and cert-manager, in whose place a certificate is made.
 */
export async function installKServe(): Promise<void> {
  const documents = readRelease()
  await apply(documents.filter(({ kind }) => kind === 'CustomResourceDefinition').map(({ text }) => text))
  if ((await run('kubectl', ['get', 'deployment', MANAGER, '--namespace', NAMESPACE])).code === 0) return
  const others = documents.filter(({ kind }) => kind !== 'CustomResourceDefinition').map(({ text }) => text)
  const authority = await makeIssuer()
  const certificate = await authority.issue({ names: [WEBHOOKS] })
  await apply([...others.map(text => adapt(text, authority)), secretOf(certificate)])
  await kubectl('rollout', 'status', `deployment/${MANAGER}`, '--namespace', NAMESPACE, '--timeout=120s')
}

/** The documents of the release, as text: the definitions are megabytes that nothing here reads. */
function readRelease(): readonly { readonly kind: string; readonly text: string }[] {
  const release = readFileSync(join(inject('node').folder, 'bin/kserve.yaml'), 'utf8')
  return release.split(/^---\n/m).flatMap(text => {
    const [, kind = ''] = /^kind: (.*)$/m.exec(text) ?? []
    const [, name = ''] = /^metadata:\n(?: .*\n)*? {2}name: (.*)$/m.exec(text) ?? []
    const isLeftOut =
      /^(Certificate|Issuer|LLMInferenceServiceConfig)$/.test(kind) || /^llm|localmodel|x-k8s/.test(name)
    return isLeftOut ? [] : [{ kind, text }]
  })
}

function adapt(text: string, { cert }: Pair): string {
  // The release has these members in documents of these kinds.
  const document = parse(text) as Document
  if (document.kind === 'Deployment') return JSON.stringify(withOwnImage(document))
  if (!document.kind.endsWith('WebhookConfiguration')) return text
  const caBundle = Buffer.from(cert).toString('base64')
  const webhooks = document.webhooks.map(hook => ({ ...hook, clientConfig: { ...hook.clientConfig, caBundle } }))
  return JSON.stringify({ ...document, webhooks })
}

/** The controller that was built here, without the proxy of its metrics, and as fast as the machine is. */
function withOwnImage({ spec, ...document }: Document): object {
  const { template } = spec
  const containers = template.spec.containers
    .filter(({ name }) => name === 'manager')
    .map(({ readinessProbe, ...container }) => ({
      ...container,
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
