import type { OpenAPI, Operation, Schema } from './openapi.ts'

/** One model of the server: the path of its predict operation, and its input. */
export interface Model {
  readonly name: string
  /** Relative to the page, without a leading slash. */
  readonly path: string
  readonly operation: Operation
}

const ROUTE = /^\/(?:models\/([^/{}]+)\/)?predict$/

/** The models of a document. A server with one model answers on `/predict` too. */
export function listModels({ paths, info }: OpenAPI): readonly Model[] {
  const found = Object.entries(paths).flatMap(([path, item]) => {
    const match = ROUTE.exec(path)
    if (match === null || item?.post === undefined) return []
    const name = match[1] === undefined ? info.title : decodeURIComponent(match[1])
    return [{ name, path: path.slice(1), operation: item.post }]
  })
  const short = found.find(({ path }) => path === 'predict')
  return short !== undefined && found.length <= 2 ? [short] : found.filter(model => model !== short)
}

/** The name of a model in requests of other protocols, by protocol; absent if the model does not support it. */
export interface Faces {
  readonly chat?: string | undefined
  readonly mcp?: string | undefined
  readonly inference?: string | undefined
  /** The inputs of the model as tensors, if it takes tensors. */
  readonly tensors: readonly Schema[]
}

/** Finds the protocols that a model supports besides `/predict`, from the paths of the document. */
export function listFaces({ paths }: OpenAPI, { name, path }: Model): Faces {
  const nameAt = (start: string): string | undefined => {
    const [, item] = Object.entries(paths).find(([each]) => each === start || each.startsWith(`${start}/`)) ?? []
    const names = (item?.post ?? item?.get)?.['x-incant-models'] ?? []
    // A single model has no path with its name.
    return path === 'predict' ? names[0] : names.find(each => each === name)
  }
  const inference = nameAt('/v2/models')
  const infer = paths[`/v2/models/${inference}/infer`]?.post?.requestBody?.content['application/json']?.schema
  const item = infer?.properties?.['inputs']?.items
  const tensors = typeof item === 'object' ? (item.anyOf ?? [item]) : []
  return { chat: nameAt('/v1/chat/completions'), mcp: nameAt('/mcp'), inference, tensors }
}
