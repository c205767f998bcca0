// The predictor of the engine's bench, in a module of its own, since replicas import it themselves.
import { BasePredictor } from '../../packages/incant/dist/index.js'
import { workloadOf } from '../workloads.js'

const { predict } = workloadOf(process.env.BENCH_WORKLOAD)

/** Whether predict needs its numbers as a typed array, as models do, and makes one of what is none. */
const needsTensor = process.env.BENCH_TENSOR !== undefined

export default class Predictor extends BasePredictor {
  predict(payload) {
    return predict(needsTensor ? { pixels: toTensor(payload.pixels) } : payload)
  }
}

function toTensor(numbers) {
  return Array.isArray(numbers) ? Float64Array.from(numbers) : numbers
}
