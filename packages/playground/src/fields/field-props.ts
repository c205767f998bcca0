import type { Schema } from '../document/openapi.ts'
import type { Value } from '../schema/value.ts'

/** The props of a field: its schema, its value, and its place in the payload. */
export interface FieldProps {
  readonly schema: Schema
  readonly value: Value
  /** A JSON Pointer; `#` is the whole payload. */
  readonly pointer: string
  readonly label: string
  readonly isRequired: boolean
  readonly onChange: (value: Value) => void
  /** Set if another field draws the label, the help and the errors: the ids that connect the control to them. */
  readonly bareNames?: ControlNames
}

/** The ids that connect a control to its label, its help and its errors. */
export interface ControlNames {
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
  readonly 'aria-label'?: string
}

/** The props of a control: a field without its label. */
export interface ControlProps extends Omit<FieldProps, 'label' | 'bareNames'> {
  readonly names: ControlNames
  readonly isDisabled: boolean
}
