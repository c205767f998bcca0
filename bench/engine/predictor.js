// The predictor of the engine's bench, in a module of its own, since replicas import it themselves.
import { BasePredictor } from '../../packages/incant/dist/index.js'
import { workloadOf } from '../workloads.js'

const { predict } = workloadOf(process.env.BENCH_WORKLOAD)

export default class Predictor extends BasePredictor {
  predict(payload) {
    return predict(payload)
  }
}
