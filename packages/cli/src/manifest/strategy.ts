import type { ServerPlan } from './plan.ts'
import type { Deployment } from './resource.ts'

/** How the pods of a Deployment are replaced. */
export function strategyOf({ strategy }: ServerPlan): NonNullable<Deployment['spec']>['strategy'] {
  if (strategy === 'recreate') return { type: 'Recreate' }
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
}
