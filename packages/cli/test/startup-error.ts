import { StartupError } from 'incant'

/** The code and message of the StartupError that a call throws. */
export function startupError(call: () => unknown): { code: string; message: string } {
  try {
    call()
  } catch (error) {
    if (StartupError.is(error)) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('The call threw nothing')
}
