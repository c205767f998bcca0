import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Components } from '../schema/resolve.ts'

/** What every field of a form knows. */
export interface FormState {
  readonly components: Components
  /** What the server has found wrong, by the pointer of the field that it is shown at. */
  readonly errors: ReadonlyMap<string, readonly string[]>
}

/** The form that a field is in. */
export const FormContext = createContext<FormState>({ components: {}, errors: new Map() })

/** The form that a field is in. */
export function useForm(): FormState {
  return useContext(FormContext)
}
