import type { IncomingMessage } from 'node:http'
import { StartupError } from '../../errors/startup-error.ts'
import { isPublic } from '../../network/address-list.ts'
import { hostOf } from '../../network/host-list.ts'
import type { NetworkPolicy } from '../../network/network-policy.ts'
import type { ResolvedServerSettings } from '../../options/server-options.ts'
import { isLoopback } from './exposure.ts'

/** Access of callers to something of one listener. `machine`: callers on this machine that address this machine. */
export type InsiderAccess = 'open' | 'machine' | 'none'

/** Access to the metrics of one listener. `token`: callers with the token of `metricsAuth`. */
export type MetricsAccess = InsiderAccess | 'token'

/** The facts that decide about the metrics of a listener, besides the settings. */
interface MeasuredListener {
  readonly visibility: 'public' | 'private'
  readonly host: string
  readonly network: NetworkPolicy
}

/**
 * Decides on access to the metrics of a listener. It is never public by accident: a listener beyond this machine, or
 * behind a proxy, shows nothing unless an option says so.
 *
 * @throws {StartupError} `invalid_option`, where a token is set and the options say that none is needed.
 */
export function planMetrics(
  { metrics, metricsAuth }: ResolvedServerSettings,
  { visibility, host, network }: MeasuredListener,
): MetricsAccess {
  if (metrics !== 'auto' && metricsAuth !== '') throw contradicted(metrics)
  if (metrics === 'off') return 'none'
  if (metricsAuth !== '') return 'token'
  return metrics === 'open' ? 'open' : planInsiders({ visibility, host, network })
}

/** Decides which callers of a listener see the page: the same as for metrics, without a token. */
export function planPage({ page }: ResolvedServerSettings, listener: MeasuredListener): InsiderAccess {
  if (page !== 'auto') return page === 'open' ? 'open' : 'none'
  return planInsiders(listener)
}

/** Decides which callers count as operators of the server. */
function planInsiders({ visibility, host, network }: MeasuredListener): InsiderAccess {
  if (visibility === 'private') return network.allowed.every(list => list.blocks.some(isPublic)) ? 'none' : 'open'
  return isLoopback(host) && network.trustedProxies.blocks.length === 0 ? 'machine' : 'none'
}

/** The same for the listener of probes, which an option has opened for this. */
export function planProbesMetrics({ metrics, metricsAuth }: ResolvedServerSettings): MetricsAccess {
  if (metrics === 'off') return 'none'
  return metricsAuth === '' ? 'open' : 'token'
}

/** The headers that proxies set. A proxy on this machine calls on behalf of others. */
const FORWARDING = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/**
 * Whether a request comes from this machine and is meant for it: not through a proxy, and not from a page of the internet
 * whose name leads here.
 */
export function isForThisMachine({ headers }: IncomingMessage, peer: string | undefined): boolean {
  if (peer === undefined || !isLoopback(peer.replace(/^::ffff:/i, ''))) return false
  if (FORWARDING.some(name => headers[name] !== undefined)) return false
  return headers.host === undefined || isLoopback(hostOf(headers.host))
}

function contradicted(metrics: string): StartupError {
  return new StartupError({
    code: 'invalid_option',
    found: `metrics is ${metrics}, and metricsAuth names a token for them`,
    instead: 'Remove one of the two.',
  })
}
