import type { MaybePromise } from '../async/maybe-promise.ts'
import type { NewJob } from '../jobs/job.ts'
import type { JobStore } from '../jobs/store.ts'

/** The jobs of a model, as a face works with them. */
export interface JobsOfModel {
  /** @throws {RequestError} `starting`, while the store is not open. */
  readonly store: JobStore
  /** The id of the model in the store. */
  readonly model: string
  /** How often a job may begin. */
  readonly maxAttempts: number
  /** The server takes no jobs any more: streams of events end, and clients ask another one. */
  readonly isEnding: boolean
  /**
   * Validates a payload as a call would.
   *
   * @throws {RequestError} `invalid_payload`, with its pointers.
   */
  check(payload: unknown): MaybePromise<unknown>
  /** Whether one more job may wait. @throws {StoreUnavailable} */
  hasRoom(): Promise<boolean>
  /** The members of a new job that say where its input is: in the store, or with this server. @param input - JSON text. */
  placeInput(key: string, input: string): Pick<NewJob, 'input' | 'lease'>
  /** The job was not taken: its input is not needed. */
  forgetInput(key: string): void
  /** Why a URL cannot be one of a webhook, as the end of a sentence. Undefined: it can. */
  findWebhookFault(url: string): string | undefined
  /** Waits until a job may have changed, or for a number of milliseconds. */
  waitForChange(key: string, milliseconds: number): Promise<void>
  /** Cancels a job. Undefined: there is none of that key. */
  cancel(key: string): ReturnType<JobStore['cancel']>
}
