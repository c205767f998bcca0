import { ReceivedFile } from '../../validation/received-file.ts'

/** The fields of a form, checked. Their files are windows of the body until predict gets them. */
export class ReceivedFields {
  readonly value: object

  constructor(value: object) {
    this.value = value
  }

  /** The object that predict gets. */
  toObject(): object {
    const fields = Object.entries(this.value).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(takeFile) : takeFile(value),
    ])
    return Object.fromEntries(fields)
  }
}

function takeFile(value: unknown): unknown {
  return value instanceof ReceivedFile ? value.toValue() : value
}
