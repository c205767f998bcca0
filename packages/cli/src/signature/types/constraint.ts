import type { JSONSchema, JSONValue } from 'incant/internal/signature'

/** A JSDoc tag that restricts values. */
export interface Constraint {
  readonly tag: string
  readonly keyword: 'type' | keyof JSONSchema
  /** The values it can restrict. */
  readonly kind: 'number' | 'string' | 'array' | 'object' | 'tensor'
  readonly appliesTo: string
  readonly expected: string
  readonly sample: string
  /** The tag's text as the keyword's value; `undefined` where it cannot be. */
  readonly read: (text: string) => JSONValue | undefined
}

/** A constraint with the value that a tag gives it. */
export interface Restriction {
  readonly constraint: Constraint
  readonly value: JSONValue
}
