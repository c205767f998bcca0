import type { RequestError } from '../errors/request-error.ts'
import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import type { OnCancel } from './bounded-stream.ts'
import type { FormLimits } from './form/form-limits.ts'
import type { JSONLimits } from './parse-json.ts'
import type { DocumentPlan } from './read-document.ts'

/**
 * Where a body is read: `here`, on the event loop that answers all callers; `aside`, by a {@link DocumentReader}; or `last`,
 * by the process that runs predict.
 */
export type ReadingPlace = 'here' | 'aside' | 'last'

/**
 * Reads and checks large payloads and texts outside the event loop that answers all callers. The result is ready for the
 * process that runs predict, and of no use to others.
 */
export interface DocumentReader {
  /** Where a body is read. */
  placeOf(bytes: Uint8Array): ReadingPlace
  /**
   * Takes a body as it arrives, and settles when all of it is there. The result contains the body, or gives what is kept
   * elsewhere, so that no large one needs the memory of this process.
   *
   * @param onOver - Takes work for when the exchange is over.
   * @throws What the stream fails with.
   */
  gather(
    body: ReadableStream<Uint8Array>,
    onOver: (task: () => unknown) => void,
  ): Promise<Uint8Array | ReadableStream<Uint8Array>>
  /**
   * Reads one body; several in the order in which they came.
   *
   * @param bytes - The caller must not use them any more.
   * @throws {RequestError} The errors of reading before the payload is known; `queue_full`; the reason of the
   * cancellation.
   */
  read(bytes: Uint8Array<ArrayBuffer>, options: ReadOptions): Promise<ReadDocument>
  /** The payload that was read, for a caller in this process. */
  unpack(document: PackedDocument): unknown
  close(): Promise<void>
}

/** How one body is read. */
export interface ReadOptions {
  /** The header of the request. */
  readonly contentType: string
  readonly onCancel: OnCancel
}

/** A body that has been read. */
export interface ReadDocument {
  /** The members of the payload that contain credentials, taken out of it. */
  readonly credentials: Readonly<Record<string, unknown>>
  /** The payload, or why predict does not take it. */
  readonly outcome: PackedDocument | RequestError
}

/** How the bodies of a predictor are read, as plain data that a thread or a process can be given. */
export interface ReadingPlan {
  readonly role: DocumentPlan['role'] | 'form'
  readonly limits: JSONLimits & FormLimits
  /** The schema of the body; for a form, of its fields. */
  readonly schema: JSONSchema | undefined
  /** Whether the schema of `@input` validates it afterwards: code, which is in the replica and cannot be sent to a thread. */
  readonly hasOwnSchema: boolean
  readonly definitions: Definitions
}

/** Options of {@link DocumentReader}: plain data. */
export interface DocumentReaderOptions extends ReadingPlan {
  /** The members of a payload that contain credentials. */
  readonly credentials: readonly string[]
  /**
   * Values, ten numbers in an array counted as one, that a payload may have which is given to a caller in this process. Absent: any
   * number, as it goes on to another process packed.
   */
  readonly maxValues?: number
  /** Bodies that may wait for their turn. */
  readonly queue: number
  /** Milliseconds that one may take. */
  readonly timeout: number
}

/** Creates a reader from the application's options. */
export type DocumentReaderFactory = (options: DocumentReaderOptions) => DocumentReader

/** A payload, checked and ready to cross to another process. */
export class PackedDocument {
  /** Whether the content is JSON; else it is a structured clone. */
  readonly isJSON: boolean
  /** Whether it has been validated. Else the replica does that, with the schema of `@input`. */
  readonly isValidated: boolean
  readonly content: Uint8Array
  /** Bytes beside a clone, in the order of their references. */
  readonly attached: readonly Uint8Array[]

  constructor({ isJSON, isValidated, content, attached }: PackedContent) {
    this.isJSON = isJSON
    this.isValidated = isValidated
    this.content = content
    this.attached = attached
  }
}

/** The content of a {@link PackedDocument}, as plain data. */
export type PackedContent = Pick<PackedDocument, 'isJSON' | 'isValidated' | 'content' | 'attached'>
