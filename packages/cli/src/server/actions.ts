import { readFileSync } from 'node:fs'
import { StartupError } from 'incant/internal/signature'
import type { FlagValues } from '../arguments/parse.ts'
import { Kubectl } from '../kubectl/kubectl.ts'
import { readDeployments } from '../kubectl/objects.ts'
import { withPort } from '../kubectl/port-forward.ts'
import { readPlan } from '../manifest/read-plan.ts'
import { hostNames, PORT } from '../manifest/variables.ts'
import { commandLine } from '../manifest/write-manifest.ts'
import { deleteObjects, objectsOf } from '../rollout/apply.ts'
import { type Deployed, mergeFlags, readFlags } from '../rollout/flags.ts'
import { replace, rollOut } from '../rollout/roll-out.ts'
import { EVERY_SERVER, getServer, hasFailed, podsOf, revisionOf, revisionsOf, selector } from '../rollout/server.ts'
import { waitForNoPods } from '../rollout/wait.ts'
import { type Call, call } from './call.ts'
import { readPayload, readToken } from './payload.ts'
import { imageOf, podState, showPods, showServers, stateOf } from './show.ts'

/** One call of an action, read. */
export interface ActionCall {
  readonly name: string
  readonly flags: FlagValues
  readonly kubectl: Kubectl
  readonly report: (line: string) => void
  readonly print: (text: string) => void
}

/** What an action does. The result is the exit code. */
export type Action = (call: ActionCall) => Promise<number>

/** The cluster that flags name. */
export function toKubectl(flags: FlagValues): Kubectl {
  return new Kubectl({ context: flags.get('context')?.at(-1), namespace: flags.get('namespace')?.at(-1) })
}

/** `incant deploy`. */
export async function deploy(action: ActionCall): Promise<number> {
  const flags = withoutPlace(action.flags)
  refuseTarget(flags)
  await rollOut(action, { flags, isStopped: false })
  action.report(`${action.name} is ready`)
  return 0
}

/** A context is where something is deployed, not what. */
function withoutPlace(flags: FlagValues): FlagValues {
  return new Map([...flags].filter(([name]) => name !== 'context'))
}

function refuseTarget(flags: FlagValues): void {
  const target = flags.get('for')?.at(-1) ?? 'kubernetes'
  if (target === 'kubernetes') return
  throw new StartupError({
    code: 'invalid_option',
    found: `--for is "${target}", and incant deploy knows plain clusters`,
    instead: `Write: incant manifest NAME --for ${target} --image IMAGE | ${target === 'compose' ? 'docker compose -f - up' : 'kubectl apply --server-side -f -'}`,
  })
}

/** `incant server list`. */
export async function list({ flags, kubectl, print }: ActionCall): Promise<number> {
  const everywhere = flags.has('allNamespaces') ? ['--all-namespaces'] : []
  const servers = readDeployments(await kubectl.json(['get', 'deployments', '--selector', EVERY_SERVER, ...everywhere]))
  if (flags.has('json'))
    print(
      toJSON(
        servers.map(server => ({
          name: server.metadata.name,
          namespace: server.metadata.namespace,
          state: stateOf(server),
          image: imageOf(server),
        })),
      ),
    )
  else print(servers.length === 0 ? 'no servers' : showServers(servers))
  return 0
}

/** `incant server status`. */
export async function status({ name, flags, kubectl, print }: ActionCall): Promise<number> {
  const { deployment } = await getServer(kubectl, name)
  const pods = await podsOf(kubectl, name)
  const state = stateOf(deployment)
  if (flags.has('json'))
    print(
      toJSON({
        name,
        state,
        image: imageOf(deployment),
        revision: revisionOf(deployment),
        pods: pods.map(pod => ({
          name: pod.metadata.name,
          state: podState(pod),
          restarts: pod.status.containerStatuses[0]?.restartCount ?? 0,
          lastEnd: pod.status.containerStatuses[0]?.lastState.terminated ?? null,
        })),
      }),
    )
  else print([`${name} is ${state}: ${imageOf(deployment)}`, ...(pods.length === 0 ? [] : [showPods(pods)])].join('\n'))
  return state === 'ready' ? 0 : 1
}

/** `incant server describe`. */
export async function describe(action: ActionCall): Promise<number> {
  const { name, kubectl, flags, print } = action
  const { deployment, deployed } = await getServer(kubectl, name)
  const plan = readPlan(name, deployed.flags, deployed)
  const scheme = plan.exposure.servesTLS ? 'https' : 'http'
  const addresses = hostNames(plan).map(host => `${scheme}://${host}`)
  const { conditions = [] } = deployment.status
  if (flags.has('json')) {
    print(
      toJSON({
        name,
        state: stateOf(deployment),
        command: commandLine(plan.name, deployed.flags),
        addresses,
        conditions,
      }),
    )
    return 0
  }
  print(
    [
      `${commandLine(plan.name, deployed.flags).replace('incant manifest', 'incant deploy')}`,
      '',
      `visibility  ${plan.exposure.visibility}`,
      `addresses   ${addresses.join(', ')}`,
      ...(plan.modelImage === undefined ? [] : [`model       ${plan.modelImage}`]),
      ...conditions.map(({ type, status: is, message }) => `${type.padEnd(11)} ${is}: ${message}`),
      '',
    ].join('\n'),
  )
  await status(action)
  return 0
}

/** `incant server logs`. */
export async function logs({ name, flags, kubectl }: ActionCall): Promise<number> {
  await getServer(kubectl, name)
  const pod = flags.get('pod')?.at(-1)
  return kubectl.show([
    'logs',
    ...(pod === undefined ? ['--selector', selector(name), '--prefix', '--max-log-requests', '50'] : [pod]),
    '--tail',
    flags.get('tail')?.at(-1) ?? '100',
    ...(flags.has('follow') ? ['--follow'] : []),
    ...(flags.has('previous') ? ['--previous'] : []),
  ])
}

/** `incant server stop`. */
export async function stop(action: ActionCall): Promise<number> {
  const { name, kubectl, report } = action
  const { deployed } = await getServer(kubectl, name)
  if (!deployed.isStopped) await replace(action, deployed, { ...deployed, isStopped: true })
  await waitForNoPods(kubectl, name, report)
  report(`${name} is stopped; to start it: incant server start ${name}`)
  return 0
}

/** `incant server start`. */
export async function start(action: ActionCall): Promise<number> {
  const { deployed } = await getServer(action.kubectl, action.name)
  return change(action, { ...deployed, isStopped: false })
}

/** `incant server update`. */
export async function update(action: ActionCall): Promise<number> {
  const { deployed } = await getServer(action.kubectl, action.name)
  const flags = withoutPlace(action.flags)
  if (flags.size === 0)
    throw new StartupError({
      code: 'missing_argument',
      found: 'nothing is to change',
      instead: `Say what: incant server update ${action.name} --image IMAGE`,
    })
  refuseTarget(flags)
  return change(action, { ...deployed, flags: mergeFlags(deployed.flags, flags) })
}

/** `incant server rollback`. */
export async function rollback(action: ActionCall): Promise<number> {
  const { name, kubectl } = action
  const { deployment, deployed } = await getServer(kubectl, name)
  const current = revisionOf(deployment)
  const before = (await revisionsOf(kubectl, name)).filter(
    revision => revisionOf(revision) < current && !hasFailed(revision),
  )
  const previous = before.map(readFlags).find(found => found !== undefined)
  if (previous === undefined)
    throw new StartupError({
      code: 'cluster_failed',
      found: `${name} has no version before this one`,
      instead: `Name what to run: incant server update ${name} --image IMAGE`,
    })
  return change(action, { flags: previous.flags, isStopped: deployed.isStopped })
}

/** `incant server scale`. */
export async function scale(action: ActionCall): Promise<number> {
  const { deployed } = await getServer(action.kubectl, action.name)
  const given = new Map([...action.flags].filter(([name]) => name === 'minPods' || name === 'maxPods'))
  if (given.size === 0)
    throw new StartupError({
      code: 'missing_argument',
      found: 'no number of pods was given',
      instead: `Write: incant server scale ${action.name} --min-pods 2`,
    })
  return change(action, { ...deployed, flags: mergeFlags(deployed.flags, given) })
}

async function change(action: ActionCall, next: Deployed): Promise<number> {
  await rollOut(action, next)
  action.report(next.isStopped ? `${action.name} is changed, and stopped` : `${action.name} is ready`)
  return 0
}

/** `incant server rm`. */
export async function rm({ name, flags, kubectl, report }: ActionCall): Promise<number> {
  const { deployment, deployed } = await getServer(kubectl, name)
  if (deployment.spec.replicas > 0 && !flags.has('force'))
    throw new StartupError({
      code: 'invalid_option',
      found: `${name} runs`,
      instead: `Stop it first: incant server stop ${name}; or add --force.`,
    })
  await deleteObjects(
    kubectl,
    objectsOf(name, deployed).filter(({ kind }) => kind !== 'Namespace'),
  )
  await waitForNoPods(kubectl, name, report)
  report(`${name} is removed`)
  return 0
}

/** `incant server predict`. */
export async function predict(action: ActionCall): Promise<number> {
  const { flags } = action
  const payload = await readPayload(flags)
  const answer = await callServer(action, {
    method: 'POST',
    path: flags.get('path')?.at(-1) ?? '/predict',
    headers: { 'content-type': flags.get('contentType')?.at(-1) ?? 'application/json', ...readToken(flags) },
    body: payload,
  })
  process.stdout.write(answer.body)
  if (answer.status < 400) return 0
  action.report(`the answer is a ${answer.status}`)
  return 1
}

/** `incant server healthcheck`. */
export async function healthcheck(action: ActionCall): Promise<number> {
  const answer = await callServer(action, { method: 'GET', path: '/health' })
  action.print(Buffer.from(answer.body).toString())
  return answer.status === 200 ? 0 : 1
}

async function callServer({ name, kubectl }: ActionCall, request: Pick<Call, 'method' | 'path' | 'headers' | 'body'>) {
  const { deployed } = await getServer(kubectl, name)
  const plan = readPlan(name, deployed.flags, deployed)
  const tls = plan.exposure.servesTLS
  return withPort(kubectl, { name, port: PORT }, port => call({ ...request, port, tls, host: name }))
}

/** `incant server grafana`. */
export async function grafana({ flags, print }: ActionCall): Promise<number> {
  const dashboard = readFileSync(new URL(import.meta.resolve('incant/monitoring/dashboard.json')), 'utf8')
  print(flags.has('configMap') ? toJSON(configMap(dashboard, flags.get('namespace')?.at(-1))) : dashboard.trimEnd())
  return 0
}

function configMap(dashboard: string, namespace: string | undefined): object {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'incant-dashboard',
      ...(namespace === undefined ? {} : { namespace }),
      labels: { grafana_dashboard: '1' },
    },
    data: { 'incant.json': dashboard },
  }
}

function toJSON(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
