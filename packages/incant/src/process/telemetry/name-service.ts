import { DEFAULT_NAME, type ModelInfo } from '../../predictor/model-info.ts'

/** The name of the service in traces: that of the model, else that of the class. */
export function nameService({ name }: { readonly name: string }, model: Partial<ModelInfo> | undefined): string {
  return model?.name === undefined || model.name === DEFAULT_NAME ? name : model.name
}
