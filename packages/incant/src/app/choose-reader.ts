import type { Authenticator } from '../auth/admission/authenticator.ts'
import type { DocumentReader, DocumentReaderFactory, DocumentReaderOptions } from '../http/document-reader.ts'
import type { ResolvedAppSettings } from '../options/app-options.ts'
import { type BodyParameter, bodyParameter, type ResolvedSignature } from '../signature/resolve.ts'

/** The facts about a predictor that decide how payloads are read. */
interface Known {
  readonly resolved: ResolvedSignature
  readonly settings: ResolvedAppSettings
  readonly authenticator: Authenticator
}

/** What reads the large payloads of a predictor, its large texts and forms with fields. Undefined where predict takes none of them. */
export function chooseReader(make: DocumentReaderFactory, known: Known): DocumentReader | undefined {
  const { resolved, settings, authenticator } = known
  const { signature, hasOwnSchema } = resolved
  const body = bodyParameter(signature)
  if (body === undefined || !isRead(body)) return undefined
  const { queue, requestTimeout } = settings
  return make({
    role: body.role,
    schema: hasOwnSchema ? undefined : body.schema,
    hasOwnSchema,
    definitions: signature.definitions,
    limits: limitsOf(settings),
    credentials: authenticator.payloadStrategies.map(({ member }) => member),
    queue,
    timeout: requestTimeout,
  })
}

/** What reads the large bodies of other protocols: JSON, of which no type is asked there. Undefined where the model has none. */
export function choosePlainReader(
  make: DocumentReaderFactory,
  { faces, settings }: { readonly faces: readonly unknown[]; readonly settings: ResolvedAppSettings },
): DocumentReader | undefined {
  if (faces.length === 0) return undefined
  const { queue, requestTimeout } = settings
  return make({
    role: 'payload',
    schema: undefined,
    hasOwnSchema: false,
    definitions: {},
    limits: limitsOf(settings),
    maxValues: MOST_VALUES,
    credentials: [],
    queue,
    timeout: requestTimeout,
  })
}

/** What the loop that answers every caller takes over within some ten milliseconds. */
const MOST_VALUES = 100_000

function isRead(body: BodyParameter): body is BodyParameter & { readonly role: DocumentReaderOptions['role'] } {
  return body.role === 'payload' || body.role === 'text' || (body.role === 'form' && body.schema !== undefined)
}

/** Those that count for a body, as plain data that a thread can be given. */
function limitsOf(settings: ResolvedAppSettings): DocumentReaderOptions['limits'] {
  const { maxJsonDepth, maxJsonMembers, maxJsonItems, strictJson } = settings
  const { maxFormParts, maxFormFields, maxPartHeaderSize } = settings
  return { maxJsonDepth, maxJsonMembers, maxJsonItems, strictJson, maxFormParts, maxFormFields, maxPartHeaderSize }
}
