/**
 * How the browser's own credentials are sent: `omit`, unless something in front of the server, such as a proxy that signs
 * people in with a cookie, needs them. What the page is told to send goes as headers in either case.
 */
export type Mode = 'omit' | 'same-origin'

/** Headers by name. */
export type Headers = Readonly<Record<string, string>>

/** What is sent beside the browser's defaults. */
export interface Asking {
  readonly mode: Mode
  readonly headers?: Headers
  readonly signal?: AbortSignal
}

/** Asks the server itself: no redirect is followed, and no cache answers. */
export function ask(url: string, { mode, headers = {}, signal }: Asking): Promise<Response> {
  return fetch(url, { headers, credentials: mode, redirect: 'error', ...(signal === undefined ? {} : { signal }) })
}

/** Whether an answer is one of Incant's own errors. */
export function isProblem({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/problem+json') === true
}

/** Whether an answer comes from something in front of the server, which wants the browser's own credentials. */
export function isForeignRefusal(response: Response): boolean {
  const isRefused = response.status === 401 || response.status === 403
  return isRefused && !isProblem(response) && !/\bbasic\b/i.test(response.headers.get('www-authenticate') ?? '')
}
