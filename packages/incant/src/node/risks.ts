import type { Access } from '../auth/policy/policy.ts'
import { type AddressBlock, isEverything, isPublic } from '../network/address-list.ts'
import { describeExposure, isLoopback } from './listening/exposure.ts'
import type { ListenerPlan } from './listening/plan-listeners.ts'

/** Warnings about the callers that can reach a server. */
export function describeRisks(plan: ListenerPlan, access: Access): readonly string[] {
  const exposure = plan.visibility === 'public' ? describeExposure(plan.host, access !== 'open') : undefined
  return [
    ...(exposure === undefined ? [] : [exposure]),
    ...describeOpenMetrics(plan),
    ...describePlainToken(plan),
    ...plan.network.trustedProxies.blocks.filter(isEverything).map(describeTrust),
    ...plan.network.allowed.flatMap(list => describeAllowed(list.blocks)),
    ...describeUnreachable(plan),
  ]
}

function describeOpenMetrics({ visibility, host, metrics }: ListenerPlan): readonly string[] {
  if (visibility === 'private' || metrics !== 'open' || isLoopback(host)) return []
  return [`every caller that reaches ${host} can read /metrics: set --metrics-auth to require a token`]
}

function describePlainToken({ visibility, host, metrics }: ListenerPlan): readonly string[] {
  if (visibility !== 'probes' || metrics !== 'token' || isLoopback(host)) return []
  return [`the token of --metrics-auth is sent to ${host} over plain HTTP: collect metrics where the server has TLS`]
}

function describeTrust({ text }: AddressBlock): string {
  return `ANYBODY can claim any address: ${text} trusts every peer as a proxy`
}

/** Both families in one list come from a server without addresses of its own: the other list decides on access. */
function describeAllowed(blocks: readonly AddressBlock[]): readonly string[] {
  return blocks
    .filter(isPublic)
    .map(block =>
      isEverything(block)
        ? `the private server is open to EVERYBODY: ${block.text} allows every address`
        : `the private server answers addresses of the internet: ${block.text}`,
    )
}

function describeUnreachable({ visibility, host, network }: ListenerPlan): readonly string[] {
  const isReachable = !isLoopback(host) || network.allowed.every(list => list.has('127.0.0.1') || list.has('::1'))
  if (visibility !== 'private' || isReachable || network.trustedProxies.has('127.0.0.1')) return []
  return [
    `the private server listens on ${host}, where no allowed address can reach it: --host 0.0.0.0 for all networks`,
  ]
}
