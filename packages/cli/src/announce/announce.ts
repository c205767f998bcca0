import type { Logger, PredictSignature } from 'incant'
import { formatModelId, type ModelName } from 'incant/internal/signature'
import { describeCurl } from './curl.ts'
import { describeTrust, type ServedTLS } from './curl-trust.ts'
import { describeSignature } from './describe-signature.ts'

/** The announcement of a server that is ready. */
export interface Announcement {
  readonly url: string
  /** The page to try it, where there is one. */
  readonly pageUrl: string | undefined
  readonly signature: PredictSignature
  /** The predictor's file, as the user would name it. */
  readonly file: string
  readonly model: ModelName | undefined
  /** What the files of the model are, where that is known. */
  readonly digest: string | undefined
  /** Further models of the predictor, as `labels:v1@sha256:…`. */
  readonly others: readonly string[]
  readonly tls: ServedTLS
}

/** The announcement for a person: to be read, and its last line to be pasted. */
export function formatAnnouncement(announcement: Announcement): string {
  const { url, pageUrl, signature, file, model, tls } = announcement
  const name = model === undefined ? '' : ` of ${formatModelId(model)}`
  return [
    '',
    `  ${signature.className}${name} (${file}) is served at ${url}`,
    `  ${describeSignature(signature)}`,
    ...describeFiles(announcement),
    ...describePage(pageUrl),
    '',
    `  ${describeCurl(signature, { url, file, words: describeTrust(tls) })}`,
    '',
  ].join('\n')
}

function describeFiles({ digest, others }: Announcement): readonly string[] {
  const all = [...(digest === undefined ? [] : [digest]), ...others]
  return all.length === 0 ? [] : [`  Model files: ${all.join(', ')}`]
}

/** A line for the page to try a server, where it has one. */
export function describePage(pageUrl: string | undefined): readonly string[] {
  return pageUrl === undefined ? [] : [`  Try it in a browser at ${pageUrl}, or with:`]
}

/** The announcement as a line of the log, for programs. */
export function logAnnouncement(logger: Logger, announcement: Announcement): void {
  const { url, signature, file, model, tls } = announcement
  logger.log('info', 'ready', {
    url,
    class: signature.className,
    signature: describeSignature(signature),
    curl: describeCurl(signature, { url, file, words: describeTrust(tls) }),
    ...(model === undefined ? {} : { model: formatModelId(model) }),
    ...(announcement.digest === undefined ? {} : { digest: announcement.digest }),
    ...(announcement.others.length === 0 ? {} : { models: announcement.others }),
  })
}
