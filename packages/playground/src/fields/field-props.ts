import type { Schema } from '../document/openapi.ts'
import type { Value } from '../schema/value.ts'

/** One field: what it takes, what it has, and where in the payload that is. */
export interface FieldProps {
  readonly schema: Schema
  readonly value: Value
  /** A JSON Pointer, `#` for the whole. */
  readonly pointer: string
  readonly label: string
  readonly isRequired: boolean
  readonly onChange: (value: Value) => void
  /** Another field draws label, help and errors for it, and these names tie the control to them. */
  readonly bareNames?: ControlNames
}

/** What ties a control to its label, its help and its error. */
export interface ControlNames {
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
  readonly 'aria-label'?: string
}

/** One control: the field without its label. */
export interface ControlProps extends Omit<FieldProps, 'label' | 'bareNames'> {
  readonly names: ControlNames
  readonly isDisabled: boolean
}
