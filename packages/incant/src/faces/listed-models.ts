import type { FaceModel } from './model.ts'

/** The name by which a request means a model. */
export function idOf({ name, version }: FaceModel): string {
  return version === undefined ? name : `${name}:${version}`
}

/** The names that a request may have for models: the id of each, then its aliases. Versions may share an alias. */
export function listNames(models: readonly FaceModel[]): ReadonlyMap<string, FaceModel> {
  const names = new Map<string, FaceModel>()
  for (const model of models) {
    for (const name of [idOf(model), ...model.aliases]) if (!names.has(name)) names.set(name, model)
  }
  return names
}

/** A model as the OpenAI API and version 1 of KServe's protocol have it: both have the path `/v1/models`. */
export function describeModel(id: string, { created, isReady }: FaceModel): object {
  return { id, object: 'model', created, owned_by: 'incant', name: id, ready: isReady }
}

/** The list of models of both. */
export function describeModels(models: readonly FaceModel[]): object {
  const names = listNames(models)
  const data = [...names].map(([name, model]) => describeModel(name, model))
  return { object: 'list', data, models: [...names.keys()] }
}
