import type { Logger, PredictSignature } from 'incant'
import { describePage } from './announce.ts'
import { describeCurl } from './curl.ts'
import { describeTrust, type ServedTLS } from './curl-trust.ts'
import { describeSignature } from './describe-signature.ts'

/** The announcement of a server with several models, once all of them are ready. */
export interface ModelsAnnouncement {
  readonly url: string
  /** The page to try them, where there is one. */
  readonly pageUrl: string | undefined
  readonly models: readonly AnnouncedModel[]
  readonly tls: ServedTLS
}

interface AnnouncedModel {
  readonly id: string
  readonly signature: PredictSignature
  /** The predictor's file, as the user would name it. */
  readonly file: string
}

/** The announcement for a person: a line for each model, and one to be pasted. */
export function formatModels(announcement: ModelsAnnouncement): string {
  const { url, pageUrl, models } = announcement
  const width = Math.max(...models.map(({ id }) => id.length))
  return [
    '',
    `  ${models.length} models are served at ${url}`,
    ...models.map(({ id, signature, file }) => `  ${id.padEnd(width)}  ${describeSignature(signature)}  (${file})`),
    ...describePage(pageUrl),
    '',
    ...models.slice(0, 1).map(model => `  ${describeCall(model, announcement)}`),
    '',
  ].join('\n')
}

/** The announcement as a line of the log, for programs. */
export function logModels(logger: Logger, announcement: ModelsAnnouncement): void {
  const { url } = announcement
  const models = announcement.models.map(model => ({
    model: model.id,
    class: model.signature.className,
    signature: describeSignature(model.signature),
    curl: describeCall(model, announcement),
  }))
  logger.log('info', 'ready', { url, curl: models[0]?.curl, models })
}

function describeCall({ id, signature, file }: AnnouncedModel, { url, tls }: ModelsAnnouncement): string {
  return describeCurl(signature, { url, file, words: describeTrust(tls), path: `/models/${id}/predict` })
}
