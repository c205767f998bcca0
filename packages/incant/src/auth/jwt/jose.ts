/** The library that verifies tokens. */
export type Jose = typeof import('jose')

/** Loads it where a predictor asks for JSON Web Tokens: nobody else waits for it. */
export function loadJose(): Promise<Jose> {
  return import('jose')
}
