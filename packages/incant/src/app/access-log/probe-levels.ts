import type { LogLevel } from '../../log/logger.ts'

/** Orchestrators ask these every few seconds. */
const POLLED: readonly string[] = [
  '/livez',
  '/ready',
  '/health',
  '/grpc.health.v1.Health/Check',
  '/inference.GRPCInferenceService/ServerLive',
  '/inference.GRPCInferenceService/ServerReady',
]

/** Those of one model among several. */
const POLLED_OF_MODEL = /^\/models\/[^/]+\/(?:ready|health)$/

/** Whether a route is one that orchestrators poll. */
export function isProbe(route: string): boolean {
  return POLLED.includes(route) || (route.startsWith('/models/') && POLLED_OF_MODEL.test(route))
}

/** Collectors read this as often as a probe; its refusals say nothing about the server's state. */
const SCRAPED = '/metrics'

/**
 * The level of a request's line. A probe says something when its answer changes, and nothing while it stays: neither while
 * all is well nor while a server starts or is ill.
 */
export class ProbeLevels {
  readonly #last = new Map<string, number>()

  levelOf(route: string, status: number): LogLevel {
    if (route === SCRAPED) return status === 200 ? 'debug' : 'info'
    if (!isProbe(route) || (status !== 200 && status !== 503)) return 'info'
    const isChange = (this.#last.get(route) ?? 200) !== status
    this.#last.set(route, status)
    return isChange ? 'info' : 'debug'
  }
}
