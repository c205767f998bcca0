import { DEFAULT_NAME, type ModelInfo } from '../../predictor/model-info.ts'

/** What traces call the service: the name of the model, where it has one, else of the class. */
export function nameService({ name }: { readonly name: string }, model: Partial<ModelInfo> | undefined): string {
  return model?.name === undefined || model.name === DEFAULT_NAME ? name : model.name
}
