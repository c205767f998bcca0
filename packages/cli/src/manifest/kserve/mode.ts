import { POD_SECURITY } from '../container.ts'
import type { Scaling, ServerPlan } from '../plan.ts'
import { strategyOf } from '../strategy.ts'
import type { PredictorPod, PredictorScaling } from './objects.ts'

/** `Standard` runs a Deployment, which scales by CPU; `Knative` a Service of Knative, which scales by calls, and to none. */
export type Mode = 'Standard' | 'Knative'

/** The annotation that decides it. It cannot change while the InferenceService exists. */
export const MODE_ANNOTATION = 'serving.kserve.io/deploymentMode'

/** The only mode that can scale as it is asked for; without such a wish the one that every KServe has. */
export function modeOf({ scaling }: ServerPlan): Mode {
  const { min, calls, requestsPerSecond } = scaling
  return min === 0 || calls !== undefined || requestsPerSecond !== undefined ? 'Knative' : 'Standard'
}

/** What the pods of a mode have beside containers and volumes. Knative has a grace period and a strategy itself, and takes no user of a pod. */
export function podOf(plan: ServerPlan): PredictorPod {
  const isStandard = modeOf(plan) === 'Standard'
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(plan.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: plan.pullSecret }] }),
    ...(isStandard
      ? {
          deploymentStrategy: strategyOf(plan),
          terminationGracePeriodSeconds: plan.times.termination,
          securityContext: POD_SECURITY,
        }
      : {}),
  }
}

/** The metric and how much of it one pod is to have. */
export function scalingOf({ min, max, cpuUtilization, requestsPerSecond, calls }: Scaling): PredictorScaling {
  const [scaleMetric, scaleTarget] =
    requestsPerSecond !== undefined
      ? ['rps', requestsPerSecond]
      : calls !== undefined
        ? ['concurrency', calls]
        : ['cpu', cpuUtilization]
  return {
    minReplicas: min,
    maxReplicas: max,
    ...(scaleTarget === undefined ? {} : { scaleMetric, scaleTarget }),
  }
}
