export type { LoadedModel } from './loaded-model.ts'
export { type ModelPredictorOptions, modelPredictor, rowsOf } from './model-predictor.ts'
export { type OpenModelOptions, openModel } from './open-model.ts'
export type {
  AnyTensor,
  ModelDescription,
  ModelOptions,
  ModelRuntime,
  ModelTensor,
  NamedTensors,
  RunningModel,
} from './runtime.ts'
