import type { Authenticator } from '../auth/admission/authenticator.ts'
import type { DocumentReader, DocumentReaderFactory } from '../http/document-reader.ts'
import type { ResolvedAppSettings } from '../options/app-options.ts'
import { bodyParameter, type ResolvedSignature } from '../signature/resolve.ts'

/** What is known of a predictor whose payloads are to be read. */
interface Known {
  readonly resolved: ResolvedSignature
  readonly settings: ResolvedAppSettings
  readonly authenticator: Authenticator
}

/**
 * What reads the large payloads of a predictor. Undefined where predict takes no payload and no text; and where `@input`
 * checks them, since a schema that a person wrote cannot be sent to a thread.
 */
export function chooseReader(make: DocumentReaderFactory, known: Known): DocumentReader | undefined {
  const { resolved, settings, authenticator } = known
  const { signature, hasOwnSchema } = resolved
  const body = bodyParameter(signature)
  if (hasOwnSchema || (body?.role !== 'payload' && body?.role !== 'text')) return undefined
  const { maxJsonDepth, maxJsonMembers, maxJsonItems, strictJson, queue, requestTimeout } = settings
  return make({
    role: body.role,
    schema: body.schema,
    hasSchema: body.schema !== undefined,
    definitions: signature.definitions,
    limits: { maxJsonDepth, maxJsonMembers, maxJsonItems, strictJson },
    credentials: authenticator.payloadStrategies.map(({ member }) => member),
    queue,
    timeout: requestTimeout,
  })
}
