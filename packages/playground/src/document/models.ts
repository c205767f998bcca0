import type { OpenAPI, Operation } from './openapi.ts'

/** One model of the server: where it predicts, and what it takes. */
export interface Model {
  readonly name: string
  /** Relative to the page, without a slash in front. */
  readonly path: string
  readonly operation: Operation
}

const ROUTE = /^\/(?:models\/([^/{}]+)\/)?predict$/

/** The models of a document. `/predict` is a second address of the only model, where there is one. */
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

/** Protocols other than ours that a document speaks. */
export interface Faces {
  readonly chat: boolean
  readonly mcp: boolean
  readonly inference: boolean
}

/** Which protocols a server answers beside `/predict`, by the paths of its document. */
export function listFaces({ paths }: OpenAPI): Faces {
  const has = (start: string): boolean =>
    Object.keys(paths).some(path => path === start || path.startsWith(`${start}/`))
  return { chat: has('/v1/chat/completions'), mcp: has('/mcp'), inference: has('/v2') }
}
