import { formatModelId, type ModelName } from '../../predictor/model-id.ts'
import type { AppHost } from '../app-host.ts'

/** One model of a server that has several. A reload puts another value in its place: none of them changes. */
export interface ServedModel extends ModelName {
  /** `NAME`, or `NAME:VERSION`: what routes, logs and metrics call it. */
  readonly id: string
  readonly host: AppHost
}

/** A model and what runs it. */
export function servedModel({ name, version }: ModelName, host: AppHost): ServedModel {
  return { name, version, id: formatModelId({ name, version }), host }
}
