/** Options of a {@link RequestError} for what is over in a moment: the caller may come back after a second. */
export const RETRY_SOON = { headers: { 'Retry-After': '1' } } as const
