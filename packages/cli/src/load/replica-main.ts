/** The main module of the processes that run the predictor. */
export const REPLICA: URL = new URL('./replica.js', import.meta.url)
