/** One place where a value does not match its schema. */
export interface ValidationIssue {
  /** Where: a JSON Pointer in URI fragment form (RFC 6901 §6), such as `#/data/0`. `#` is the value itself. */
  readonly pointer: string
  /** The expectation at that place. It never contains the received value. */
  readonly detail: string
}
