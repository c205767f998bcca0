/** The library that verifies tokens. */
export type Jose = typeof import('jose')

/** Loads it when the first predictor uses JSON Web Tokens, so that the others do not wait for it. */
export function loadJose(): Promise<Jose> {
  return import('jose')
}
