import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Components } from '../schema/resolve.ts'

/** The context of the fields of a form. */
export interface FormState {
  readonly components: Components
  /** The errors from the server, by the pointer of the field that shows them. */
  readonly errors: ReadonlyMap<string, readonly string[]>
}

/** The form around a field. */
export const FormContext = createContext<FormState>({ components: {}, errors: new Map() })

/** The form around a field. */
export function useForm(): FormState {
  return useContext(FormContext)
}
