/**
 * Whether the browser's own credentials are sent: `omit`, unless a proxy in front of the server, such as one that signs
 * people in with a cookie, requires them. Credentials that were typed are sent as headers in either case.
 */
export type Mode = 'omit' | 'same-origin'

/** Headers by name. */
export type Headers = Readonly<Record<string, string>>

/** The parts of a request that differ from the browser's defaults. */
export interface Asking {
  readonly mode: Mode
  readonly headers?: Headers
  readonly signal?: AbortSignal
}

/** Sends a request without following redirects and without the cache. */
export function ask(url: string, { mode, headers = {}, signal }: Asking): Promise<Response> {
  return fetch(url, { headers, credentials: mode, redirect: 'error', ...(signal === undefined ? {} : { signal }) })
}

/** Whether an answer is an error of Incant. */
export function isProblem({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/problem+json') === true
}

/** Whether an answer comes from a proxy in front that requires the browser's own credentials. */
export function isForeignRefusal(response: Response): boolean {
  const isRefused = response.status === 401 || response.status === 403
  return isRefused && !isProblem(response) && !/\bbasic\b/i.test(response.headers.get('www-authenticate') ?? '')
}
