import type { RouteHost } from './route-host.ts'

/** Whether a model would take a call now: it is set up and not about to stop, and a replica is there. */
export function isReady({ lifecycle, engine }: Pick<RouteHost, 'lifecycle' | 'engine'>): boolean {
  return lifecycle.state === 'ready' && engine.state === 'ready'
}
