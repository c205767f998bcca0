import type { EngineState } from '../engine/engine.ts'
import type { RecordedApp, ReplicaCounts } from '../metrics/recorder.ts'
import type { RouteHost } from './route-host.ts'

/** Describes an application for its metrics. */
export function describeApp({
  engine,
  lifecycle,
  settings,
  modelInfo,
}: Pick<RouteHost, 'engine' | 'lifecycle' | 'settings' | 'modelInfo'>): RecordedApp {
  return {
    isInline: engine.countReplicas === undefined,
    isReady: () => lifecycle.state === 'ready' && engine.state === 'ready',
    load: () => engine.load,
    replicas: () => engine.countReplicas?.() ?? countSelf(engine.state),
    sequences: () => engine.countSequences?.(),
    queue: settings.queue,
    model: modelInfo,
    restartFigures: () => engine.restartFigures?.(),
  }
}

/** A predictor without its own processes counts as one replica. */
function countSelf(state: EngineState): ReplicaCounts {
  return { starting: Number(state === 'starting'), ready: Number(state === 'ready'), retiring: 0 }
}
