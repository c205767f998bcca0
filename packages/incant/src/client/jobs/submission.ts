import { JSONBody } from '../request/body.ts'
import type { SubmitOptions } from '../request/options.ts'

/** Where the jobs of a server are. */
export interface JobServer {
  /** Without a slash at the end. */
  readonly url: string
  /** The model that the address of the client names, one of several. */
  readonly model: string | undefined
}

/** The jobs of all models of a server are in one place: `…/models/words` is the model `words` of the server `…`. */
export function findJobServer(url: string): JobServer {
  const [, server, model] = /^(.+)\/models\/([^/]+)$/.exec(url) ?? []
  return server === undefined || model === undefined
    ? { url, model: undefined }
    : { url: server, model: decodeURIComponent(model) }
}

/** The document that a job is submitted with. */
export function writeSubmission(payload: unknown, options: SubmitOptions & Pick<JobServer, 'model'>): JSONBody {
  const { model, webhook, webhookEvents, metadata } = options
  return new JSONBody({
    model,
    input: payload instanceof JSONBody ? payload.value : payload,
    webhook: webhook === undefined ? undefined : String(webhook),
    webhook_events_filter: webhookEvents,
    metadata,
  })
}
