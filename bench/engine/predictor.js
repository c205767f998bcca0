// The predictor of the engine's bench, in a module of its own, since replicas import it themselves.
import { BasePredictor } from '../../packages/incant/dist/index.js'
import { workloads } from '../workloads.js'

const { predict } = workloads[process.env.BENCH_WORKLOAD]

export default class Predictor extends BasePredictor {
  predict(payload) {
    return predict(payload)
  }
}
