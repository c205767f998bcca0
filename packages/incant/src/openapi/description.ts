import type { PredictSignature } from '../signature/signature.ts'
import type { DescribedProtocol } from './described-protocol.ts'
import type { SecurityRequirement, SecurityScheme } from './document.ts'

/** The description of a predictor in a document. */
export interface PredictorDescription {
  readonly signature: PredictSignature
  /** Default: the name of the class. */
  readonly title?: string | undefined
  /** The version of the service or its model. Default `0.0.0`. */
  readonly version?: string | undefined
  /** The largest body that is taken, in bytes. Absent: not said. */
  readonly maxBodySize?: number | undefined
  /** Its protocols besides `/predict`. */
  readonly protocols?: readonly DescribedProtocol[] | undefined
  /** How callers of predict authenticate. Absent: they do not. */
  readonly security?: PredictorSecurity | undefined
}

/** Authentication as OpenAPI has it. */
export interface PredictorSecurity {
  readonly schemes: { readonly [name: string]: SecurityScheme }
  /** One of them is enough. */
  readonly requirements: readonly SecurityRequirement[]
  /** Members of the payload that contain credentials, for which OpenAPI has no scheme. */
  readonly members?: readonly CredentialMember[]
}

/** A member of the payload that contains credentials. */
export interface CredentialMember {
  readonly name: string
  /** Whether there is no other way to authenticate. */
  readonly required: boolean
}
