import type { ServerPlan } from '../plan.ts'
import type { Part } from '../resource.ts'
import { autoscalerOf } from './autoscaler.ts'
import { deploymentOf } from './deployment.ts'
import { certificateOf, networkPolicyOf, routeOf } from './network.ts'
import { podMonitorOf } from './pod-monitor.ts'
import { disruptionBudgetOf, serviceAccountOf, serviceOf } from './service.ts'

/** A server on a plain cluster: what must exist first comes first. */
export function kubernetesParts(plan: ServerPlan): readonly Part[] {
  return [
    serviceAccountOf(plan),
    ...networkPolicyOf(plan),
    ...certificateOf(plan),
    deploymentOf(plan),
    serviceOf(plan),
    ...autoscalerOf(plan),
    ...disruptionBudgetOf(plan),
    ...routeOf(plan),
    ...podMonitorOf(plan),
  ]
}
