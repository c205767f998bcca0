import { ask, type Headers, isForeignRefusal, type Mode } from '../call/connect.ts'
import { type Challenge, parseChallenges } from '../sign-in/challenges.ts'
import type { OpenAPI } from './openapi.ts'

/** The result of loading the document. */
export type Loaded =
  | { readonly kind: 'document'; readonly document: OpenAPI; readonly etag: string | null; readonly mode: Mode }
  /** Reading the document needs the credentials that predict needs. */
  | { readonly kind: 'refused'; readonly challenges: readonly Challenge[]; readonly mode: Mode }
  /** The server has no document: bodies are written by hand. */
  | { readonly kind: 'none'; readonly mode: Mode }
  | { readonly kind: 'unreachable'; readonly reason: string; readonly mode: Mode }

/** Loads the document without the browser's credentials, then with them if a proxy in front requires them. */
export async function loadDocument(base: string, headers: Headers): Promise<Loaded> {
  const url = `${base}openapi.json`
  const first = await ask(url, { mode: 'omit', headers }).catch(() => undefined)
  if (first !== undefined && !isForeignRefusal(first)) return readDocument(first, 'omit')
  const second = await ask(url, { mode: 'same-origin', headers }).catch(() => undefined)
  if (second === undefined) return { kind: 'unreachable', reason: 'The server does not answer.', mode: 'omit' }
  return readDocument(second, 'same-origin')
}

async function readDocument(response: Response, mode: Mode): Promise<Loaded> {
  const { status, headers } = response
  if (status === 401 || status === 403) {
    return { kind: 'refused', challenges: parseChallenges(headers.get('www-authenticate') ?? ''), mode }
  }
  if (status === 404) return { kind: 'none', mode }
  if (!response.ok) return { kind: 'unreachable', reason: `The server answers with status ${status}.`, mode }
  try {
    const document: OpenAPI = await response.json()
    return { kind: 'document', document, etag: headers.get('etag'), mode }
  } catch {
    return { kind: 'unreachable', reason: 'The answer at openapi.json is not an OpenAPI document.', mode }
  }
}

/** Whether the server's document differs from the one that was drawn. A server that cannot be reached counts as unchanged. */
export async function hasChanged(
  base: string,
  etag: string,
  { mode, headers }: { mode: Mode; headers: Headers },
): Promise<boolean> {
  const response = await fetch(`${base}openapi.json`, {
    method: 'HEAD',
    headers: { ...headers, 'If-None-Match': etag },
    credentials: mode,
    redirect: 'error',
    cache: 'no-store',
  }).catch(() => undefined)
  const current = response?.ok ? response.headers.get('etag') : null
  return current !== null && current !== undefined && current !== etag
}
