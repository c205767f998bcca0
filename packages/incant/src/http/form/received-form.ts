import type { FormFile } from '../../validation/received-file.ts'

/** A field of a form: its name, and its text or its file. */
export type FormEntry = readonly [name: string, value: string | FormFile]

/**
 * A form as it was received. Its files are windows of the body, so that they can go to another process without a copy;
 * a `FormData` has a copy of each.
 */
export class ReceivedForm {
  /** In the order of the body. */
  readonly entries: readonly FormEntry[]

  constructor(entries: readonly FormEntry[]) {
    this.entries = entries
  }

  /** The same as predict gets it. */
  toFormData(): FormData {
    const form = new FormData()
    for (const [name, value] of this.entries) form.append(name, typeof value === 'string' ? value : toFile(value))
    return form
  }
}

function toFile({ name, mediaType, bytes }: FormFile): File {
  // A body never lies in shared memory.
  return new File([bytes as Uint8Array<ArrayBuffer>], name, { type: mediaType })
}
