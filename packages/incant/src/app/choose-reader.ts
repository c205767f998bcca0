import type { Authenticator } from '../auth/admission/authenticator.ts'
import type { DocumentReader, DocumentReaderFactory, ReadingPlan } from '../http/document-reader.ts'
import type { ResolvedAppSettings } from '../options/app-options.ts'
import { bodyParameter, type ResolvedSignature } from '../signature/resolve.ts'

/** The facts about a predictor that decide how payloads are read. */
interface Known {
  readonly resolved: ResolvedSignature
  readonly settings: ResolvedAppSettings
  readonly authenticator: Authenticator
}

/** How the payloads of a predictor, its texts and forms are read. Undefined where predict takes none of them. */
export function planReading({ resolved, settings }: Omit<Known, 'authenticator'>): ReadingPlan | undefined {
  const { signature, hasOwnSchema } = resolved
  const { role, schema } = bodyParameter(signature) ?? {}
  if (role !== 'payload' && role !== 'text' && role !== 'form') return undefined
  return {
    role,
    schema: hasOwnSchema ? undefined : schema,
    hasOwnSchema,
    definitions: signature.definitions,
    limits: limitsOf(settings),
  }
}

/** The reader of large ones. Undefined if there are none. */
export function chooseReader(make: DocumentReaderFactory, known: Known): DocumentReader | undefined {
  const plan = planReading(known)
  if (plan === undefined) return undefined
  const { queue, requestTimeout } = known.settings
  const credentials = known.authenticator.payloadStrategies.map(({ member }) => member)
  return make({ ...plan, credentials, queue, timeout: requestTimeout })
}

/** The reader of large bodies of other protocols: JSON that is validated later. Undefined if the model has none. */
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

/** What the loop that answers every caller takes over within some twenty milliseconds. */
const MOST_VALUES = 100_000

/** Those that count for a body, as plain data that a thread can be given. */
function limitsOf(settings: ResolvedAppSettings): ReadingPlan['limits'] {
  const { maxJsonDepth, maxJsonMembers, maxJsonItems, strictJson } = settings
  const { maxFormParts, maxFormFields, maxPartHeaderSize } = settings
  return { maxJsonDepth, maxJsonMembers, maxJsonItems, strictJson, maxFormParts, maxFormFields, maxPartHeaderSize }
}
